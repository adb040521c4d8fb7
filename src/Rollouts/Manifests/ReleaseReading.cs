using Rollouts.Analysis;

namespace Rollouts.Manifests;

/// <summary>What was found in manifests.</summary>
/// <param name="Release">The release; null when any problem is an error, or when there is no Rollout.</param>
/// <param name="Problems">Every problem, in the order of the files and of their lines; at most 200.</param>
/// <param name="Templates">The templates that could be read, by <see cref="TemplateReference.Key"/>, whether a step uses them or not.</param>
public sealed record ReleaseReading(
    Release? Release,
    IReadOnlyList<ManifestProblem> Problems,
    IReadOnlyDictionary<string, AnalysisTemplate> Templates)
{
    /// <summary>The templates that an analysis, or a template of one, names and that are not there.</summary>
    public IReadOnlyList<TemplateReference> Missing { get; init; } = [];

    /// <summary>The rollout's namespace; null when there is no Rollout.</summary>
    public string? Namespace { get; init; }

    /// <summary>The cluster that the policy names; null when it names none.</summary>
    public string? Cluster { get; init; }

    /// <summary>True when at least one problem is an error.</summary>
    public bool HasErrors => Problems.Any(p => p.Severity == ProblemSeverity.Error);
}
