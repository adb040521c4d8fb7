using System.Text.Json;
using Rollouts.Manifests;
using Rollouts.Manifests.Fields;

namespace Rollouts.Tests.Conformance;

/// <summary>Puts what a row gives into whole documents, and reads them.</summary>
internal static class Documents
{
    public static object Prometheus { get; } = new { prometheus = new { query = "up" } };

    public static Dictionary<string, JsonElement> Object(params (string Name, object Value)[] fields) =>
        fields.ToDictionary(f => f.Name, f => JsonSerializer.SerializeToElement(f.Value));

    /// <summary>A Rollout with these fields of its canary strategy; what else it needs is filled in.</summary>
    public static ReleaseReading Rollout(Dictionary<string, JsonElement> canary) =>
        ReleaseReader.Read([RolloutFile(canary), TemplateFile("t", Object(("metrics", new[] { Object(("name", "m"), ("provider", Prometheus)) })))]);

    public static ReleaseReading Template(params Dictionary<string, JsonElement>[] metrics) =>
        ReleaseReader.ReadTemplates([TemplateFile("t", Object(("metrics", metrics)))]);

    /// <summary>A Rollout whose one step uses templates.</summary>
    public static ReleaseReading Analysis(
        IReadOnlyList<Dictionary<string, JsonElement>> templates, IReadOnlyList<JsonElement>? args, Dictionary<string, JsonElement>? step)
    {
        Dictionary<string, JsonElement> analysis = Object(
            ("templates", templates.Select((_, i) => new { templateName = $"t{i}" })), ("args", args ?? []));
        foreach ((string name, JsonElement value) in step ?? [])
            analysis[name] = value;
        return ReleaseReader.Read(
            [RolloutFile(Object(("steps", new[] { new { analysis } }))), .. templates.Select((t, i) => TemplateFile($"t{i}", t))]);
    }

    private static ManifestFile RolloutFile(Dictionary<string, JsonElement> canary)
    {
        Dictionary<string, JsonElement> whole = Object(
            ("canaryService", "c"), ("stableService", "s"), ("trafficRouting", new { nginx = new { stableIngress = "i" } }));
        foreach ((string name, JsonElement value) in canary)
            whole[name] = value;
        return File("Rollout", "r", new { strategy = new { canary = whole } });
    }

    private static ManifestFile TemplateFile(string name, Dictionary<string, JsonElement> spec) => File("AnalysisTemplate", name, spec);

    private static ManifestFile File(string kind, string name, object spec) =>
        new(name, JsonSerializer.Serialize(new { apiVersion = ManifestFields.ArgoApiVersion, kind, metadata = new { name }, spec }));
}
