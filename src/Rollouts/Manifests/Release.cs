using Rollouts.Analysis;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Manifests;

/// <summary>A validated release: one Rollout manifest with its templates and policy.</summary>
public sealed record Release
{
    /// <summary>Required. <c>metadata.name</c> of the Rollout.</summary>
    public required string Name { get; init; }

    /// <summary><c>metadata.namespace</c>. Default <c>default</c>.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>SHA-256 over the content, in lower-case hex; the same content gives the same digest, however it is written.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Required. Where traffic is shifted.</summary>
    public required TrafficTarget Target { get; init; }

    /// <summary>The steps, in order. Empty goes straight to full weight.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>The analysis beside the steps. Default none.</summary>
    public BackgroundAnalysis? Background { get; init; }

    /// <summary>The templates that the steps name, by <see cref="TemplateReference.Key"/>.</summary>
    public IReadOnlyDictionary<string, AnalysisTemplate> Templates { get; init; } = new Dictionary<string, AnalysisTemplate>();

    /// <summary>The fields of the Rollout manifest that arguments take their values from, by path.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Default <see cref="RolloutPolicy.Default"/>.</summary>
    public RolloutPolicy Policy { get; init; } = RolloutPolicy.Default;

    /// <summary>What the operator adds for the environment, given at the start and no part of the digest. Default nothing.</summary>
    public ReleaseEnvironment? Environment { get; init; }

    /// <summary>
    /// Who asked for it, as the pipeline says at the start: a mail address, <c>slack:U…</c>, <c>entra:…</c>. No part of the digest. Default: not known.
    /// </summary>
    public string? Requester { get; init; }

    /// <summary>Why it was asked for, in the words of whoever asked, for the journal. No part of the digest. Default none.</summary>
    public string? Reason { get; init; }

    /// <summary><c>spec.paused</c>: the rollout starts paused by hand. Default false.</summary>
    public bool Paused { get; init; }

    /// <summary><c>spec.progressDeadlineSeconds</c>: how long a change of traffic may fail before the rollout is rolled back. Default 600 s.</summary>
    public TimeSpan ProgressDeadline { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>
    /// Which run of the same content this is, for instance a pipeline's build: going back to a release that has run before is another rollout of it. Part of
    /// the digest. Null, the default: content that has run is not run again.
    /// </summary>
    public string? Run { get; init; }

    /// <summary>What is to run. Null: both versions are deployed by somebody else, and the rollout only shifts traffic between them.</summary>
    public WorkloadSpec? Workload { get; init; }

    /// <summary>How the versions are sized. Null with <see cref="Workload"/>.</summary>
    public ScalingRules? Scaling { get; init; }
}
