using Rollouts.Analysis;
using Rollouts.Machine;
using Rollouts.Policy;
using Rollouts.Questions;

namespace Rollouts.Engine;

/// <summary>What a person or a pipeline sees of a rollout. Carries no secret and stays below 16 KB.</summary>
public sealed record RolloutStatus
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Namespace { get; init; }
    public required RolloutPhase Phase { get; init; }

    /// <summary>Null until the rollout has ended.</summary>
    public RolloutOutcome? Outcome { get; init; }

    /// <summary>Whether it is on its way back: nothing can be decided then. Degraded alone does not say so; pods that are late are degraded too.</summary>
    public bool IsRollingBack { get; init; }

    /// <summary>Why it is as it is.</summary>
    public string Message { get; init; } = "";

    /// <summary>What a running rollout waits on; null when it is not waiting.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>Index of the step under way, from 0; the number of steps when all are done.</summary>
    public int Step { get; init; }

    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>The canary's weight as last confirmed by the cluster.</summary>
    public int Weight { get; init; }

    /// <summary>The weight that the rollout wants; differs from <see cref="Weight"/> only while a change is on its way.</summary>
    public int DesiredWeight { get; init; }

    /// <summary>The weight at which the canary has all traffic.</summary>
    public int MaxWeight { get; init; } = 100;

    /// <summary>Names of the header routes in force.</summary>
    public IReadOnlyList<string> HeaderRoutes { get; init; } = [];

    public int Attempt { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When the rollout will next do something of its own accord, as far as known.</summary>
    public DateTimeOffset? NextChangeAt { get; init; }

    public Question? Question { get; init; }

    /// <summary>For an open question: what happens if nobody answers, and when; see <see cref="Unanswered.Of"/>.</summary>
    public string? Otherwise { get; init; }

    /// <summary>For an open question: for instance <c>1 of 2 approvals, by jo</c>; null where one answer is enough.</summary>
    public string? Approvals { get; init; }

    /// <summary>How the last question was closed.</summary>
    public QuestionEnd? LastQuestion { get; init; }

    /// <summary>What became of the last decision that was read.</summary>
    public DecisionAnswer? LastAnswer { get; init; }

    /// <summary>Who may let the rollout go on: what the release asks for, and what its environment does.</summary>
    public IReadOnlyList<ApprovalPolicy> ApprovalPolicies { get => field ?? []; init; } = [];

    /// <summary>Set while paused by hand.</summary>
    public ManualPause? ManualPause { get; init; }

    public AnalysisStatus? Analysis { get; init; }

    /// <summary>The analysis beside the steps; null before it has begun, and without one.</summary>
    public AnalysisStatus? Background { get; init; }

    /// <summary>The release's pods; null where both versions are deployed by somebody else, and before the first look.</summary>
    public WorkloadStatus? Workload { get; init; }
}

/// <summary>The pods of a release, as last seen.</summary>
/// <param name="Revision">The release's revision.</param>
/// <param name="Stable">Null: there is no stable version yet.</param>
/// <param name="Canary">Null: there is none now.</param>
public sealed record WorkloadStatus(string? Revision, RoleStatus? Stable, RoleStatus? Canary);

/// <summary>A version's pods.</summary>
/// <param name="Revision">What they hold.</param>
/// <param name="Available">How many are available.</param>
/// <param name="Desired">Of how many.</param>
/// <param name="Problem">Why the others are not, as far as the cluster says.</param>
public sealed record RoleStatus(string? Revision, int Available, int Desired, string? Problem);

/// <summary>The analysis under way, or the last one.</summary>
public sealed record AnalysisStatus(string Run, MeasurementPhase Phase, string? Message, IReadOnlyList<MetricStatus> Metrics);

/// <summary>A metric of it.</summary>
public sealed record MetricStatus
{
    public required string Name { get; init; }
    public required MeasurementPhase Phase { get; init; }
    public string? Message { get; init; }
    public bool DryRun { get; init; }
    public int Count { get; init; }
    public int Successful { get; init; }
    public int Failed { get; init; }
    public int Inconclusive { get; init; }
    public int Error { get; init; }
    public string? SuccessCondition { get; init; }
    public string? FailureCondition { get; init; }
    public IReadOnlyList<Measurement> Measurements { get; init; } = [];
}
