using Rollouts.Manifests.Fields;

namespace Rollouts.Tests.Manifests;

/// <summary>Finds the reader's table of an object. Some objects stand in several places and have one table.</summary>
internal static class FieldSets
{
    private const string StepAnalysis = "spec.strategy.canary.steps[].analysis";

    private static readonly (string Place, string Table)[] Shared =
    [
        ("spec.strategy.canary.analysis.", StepAnalysis + "."),
        ("spec.bake.analysis", StepAnalysis),
    ];

    public static FieldSet? Find(string kind, string path)
    {
        if (ManifestFields.All.FirstOrDefault(s => s.Kind == kind && s.Path == path) is { } own)
            return own;
        (string place, string table) = Shared.FirstOrDefault(s => path.StartsWith(s.Place, StringComparison.Ordinal));
        return place is null ? null : ManifestFields.All.FirstOrDefault(s => s.Path == table + path[place.Length..]);
    }
}
