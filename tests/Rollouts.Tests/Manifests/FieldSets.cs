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
        ("spec.strategy.canary.steps[].experiment.analyses[].args", StepAnalysis + ".args"),
        ("spec.strategy.canary.steps[].experiment.dryRun", StepAnalysis + ".dryRun"),
    ];

    public static FieldSet? Find(string kind, string path)
    {
        if (ManifestFields.All.FirstOrDefault(s => s.Kind == kind && Places(s).Contains(path)) is { } own)
            return own;
        (string place, string table) = Shared.FirstOrDefault(s => path.StartsWith(s.Place, StringComparison.Ordinal));
        return place is null ? null : ManifestFields.All.FirstOrDefault(s => s.Path == table + path[place.Length..]);
    }

    // a.{b,c[]} stands for a.b and a.c[].
    private static IEnumerable<string> Places(FieldSet set)
    {
        int open = set.Path.IndexOf('{', StringComparison.Ordinal);
        int close = set.Path.IndexOf('}', StringComparison.Ordinal);
        return open < 0 ? [set.Path] : set.Path[(open + 1)..close].Split(',').Select(name => set.Path[..open] + name + set.Path[(close + 1)..]);
    }
}
