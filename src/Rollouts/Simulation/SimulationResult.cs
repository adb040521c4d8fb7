using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Simulation;

/// <summary>A decision of a simulation.</summary>
/// <param name="At">From the start.</param>
/// <param name="Command">What.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why; default none.</param>
public sealed record SimulatedDecision(TimeSpan At, Command Command, string By, string? Reason = null)
{
    /// <summary>With a retry: the step to begin at, from 0. Default the first.</summary>
    public int? FromStep { get; init; }
}

/// <summary>How a simulated rollout went. Times are in seconds from its start.</summary>
/// <param name="Outcome">Null when it never ended.</param>
/// <param name="Phase">Its phase at the end.</param>
/// <param name="DurationSeconds">From the start to the outcome, or to the last event.</param>
/// <param name="Message">Why it ended so.</param>
/// <param name="Events">Everything that its journal would hold, in order.</param>
public sealed record SimulationResult(
    RolloutOutcome? Outcome, RolloutPhase Phase, double DurationSeconds, string Message, IReadOnlyList<SimulatedEvent> Events)
{
    /// <summary>The weight at which the canary has all traffic.</summary>
    public int MaxWeight { get; init; } = 100;

    /// <summary>Each weight that the cluster held, and since when.</summary>
    public IReadOnlyList<SimulatedWeight> Weights { get; init; } = [];

    /// <summary>Each phase that the rollout was in, and since when.</summary>
    public IReadOnlyList<SimulatedPhase> Phases { get; init; } = [];

    /// <summary>What was in force beside the weight: routes, pods, experiments, a closed schedule, an open question, the bake time.</summary>
    public IReadOnlyList<SimulatedSpan> Spans { get; init; } = [];

    /// <summary>The clock at the start.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>Every measurement, in order.</summary>
    public IReadOnlyList<SimulatedMeasurement> Measurements { get; init; } = [];

    /// <summary>The part of all requests until the outcome that the canary got by its weight, from 0 to 1.</summary>
    public double CanaryShare { get; init; }

    /// <summary>The same in requests; null when it was not said how many there are.</summary>
    public long? CanaryRequests { get; init; }
}

/// <summary>One event.</summary>
/// <param name="At">Seconds from the start.</param>
/// <param name="Type">See <see cref="EventType"/>.</param>
/// <param name="Step">The step's index from 0; null outside the steps.</param>
/// <param name="Weight">The canary's weight then.</param>
/// <param name="Message">What and why.</param>
/// <param name="By">Who, for what a person did.</param>
public sealed record SimulatedEvent(double At, string Type, int? Step, int Weight, string Message, string? By = null);

/// <summary>A weight.</summary>
/// <param name="At">Since when.</param>
/// <param name="Weight">The canary's.</param>
public sealed record SimulatedWeight(double At, int Weight);

/// <summary>A phase.</summary>
/// <param name="At">Since when.</param>
/// <param name="Phase">Argo's.</param>
public sealed record SimulatedPhase(double At, RolloutPhase Phase);

/// <summary>A measurement.</summary>
/// <param name="At">When.</param>
/// <param name="Run">Of which analysis run.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Phase">What the conditions made of it.</param>
/// <param name="Value">In Prometheus' notation; null when there was none.</param>
/// <param name="Message">Why there was none, or what went wrong.</param>
public sealed record SimulatedMeasurement(double At, string Run, string Metric, MeasurementPhase Phase, string? Value, string? Message)
{
    /// <summary>Whether the metric is shown without counting. Default false.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Something that is so for a while.</summary>
/// <param name="Name">What, for instance <c>header route internal</c> or <c>canary pods</c>.</param>
/// <param name="From">Since when.</param>
/// <param name="To">Until when; null to the end.</param>
/// <param name="Text">How, for instance how many pods; empty when there is nothing to say.</param>
public sealed record SimulatedSpan(string Name, double From, double? To, string Text);
