using Rollouts.Analysis;
using Rollouts.Manifests.Documents;
using Rollouts.Steps;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Manifests.Kinds;

/// <summary>A Rollout manifest as far as it could be read; what is missing has been reported.</summary>
internal sealed record LocatedRollout(
    Place Place,
    string? Name,
    string Namespace,
    TrafficTarget? Target,
    IReadOnlyList<LocatedStep> Steps,
    bool Paused,
    TimeSpan ProgressDeadline,
    LocatedWorkload? Workload)
{
    public LocatedBackground? Background { get; init; }

    /// <summary>The whole manifest, for arguments that take their value from a field of it.</summary>
    public required MappingNode Root { get; init; }
}

/// <summary>A background analysis.</summary>
internal sealed record LocatedBackground(BackgroundAnalysis Background, LocatedAnalysis Analysis);

/// <summary>What a Rollout runs.</summary>
internal sealed record LocatedWorkload(WorkloadSpec Workload, ScalingRules Scaling);

/// <summary>A step and where it stands; the step is null when it could not be read.</summary>
internal sealed record LocatedStep(Place Place, Step? Step, LocatedAnalysis? Analysis = null)
{
    /// <summary>The analyses of an experiment, and whether something else ends them.</summary>
    public IReadOnlyList<(LocatedAnalysis Analysis, bool MayBeEndless)> Experiment { get; init; } = [];
}

/// <summary>An analysis with the places that later checks speak of.</summary>
internal sealed record LocatedAnalysis(
    Place Place,
    AnalysisStep Analysis,
    IReadOnlyList<(TemplateReference Reference, Place Place)> Templates,
    IReadOnlyList<(AnalysisArgument Argument, Place Place)> Args,
    IReadOnlyList<LocatedRule> DryRun,
    IReadOnlyList<LocatedRule> Retention);

/// <summary>A rule that picks metrics by name.</summary>
/// <param name="MetricName">The expression.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Limit">With <c>measurementRetention</c>: how many are kept.</param>
internal sealed record LocatedRule(string MetricName, Place Place, int Limit = 0);
