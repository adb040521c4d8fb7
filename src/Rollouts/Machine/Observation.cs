using System.Text.Json.Serialization;
using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>What the machine learns: what came of an effect, or a decision read from the journal. Old and repeated ones do no harm.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "observation")]
[JsonDerivedType(typeof(TargetClaimed), "targetClaimed")]
[JsonDerivedType(typeof(WorkloadInspected), "workloadInspected")]
[JsonDerivedType(typeof(WorkloadShaped), "workloadShaped")]
[JsonDerivedType(typeof(TrafficRouted), "trafficRouted")]
[JsonDerivedType(typeof(TrafficInspected), "trafficInspected")]
[JsonDerivedType(typeof(ShareMeasured), "shareMeasured")]
[JsonDerivedType(typeof(MeasurementTaken), "measurementTaken")]
[JsonDerivedType(typeof(TargetReleased), "targetReleased")]
[JsonDerivedType(typeof(JournalAppended), "journalAppended")]
[JsonDerivedType(typeof(JournalClosed), "journalClosed")]
[JsonDerivedType(typeof(Notified), "notified")]
[JsonDerivedType(typeof(LedgerRecorded), "ledgerRecorded")]
[JsonDerivedType(typeof(EffectFailed), "effectFailed")]
[JsonDerivedType(typeof(DecisionRead), "decisionRead")]
public abstract record Observation;

/// <summary>The rollout owns its target.</summary>
/// <param name="Found">The split that was there.</param>
/// <param name="TakenFrom">The rollout that had it and was not heard of any more; null when nobody had it.</param>
public sealed record TargetClaimed(TrafficSplit Found, string? TakenFrom = null) : Observation;

/// <summary>The services exist.</summary>
public sealed record WorkloadInspected(string? StableHash, string? CanaryHash) : Observation
{
    /// <summary>What there is of the release's workload; null where both versions are deployed by somebody else.</summary>
    public WorkloadState? State { get; init; }
}

/// <summary>The objects of the workload are as planned; its pods may still be on their way.</summary>
/// <param name="State">As read after the write.</param>
/// <param name="Revision">Of the plan.</param>
public sealed record WorkloadShaped(WorkloadState State, long Revision) : Observation;

/// <summary>The cluster holds this split, read back after the write.</summary>
/// <param name="Split">As read.</param>
/// <param name="Revision">Of the write.</param>
public sealed record TrafficRouted(TrafficSplit Split, long Revision) : Observation;

/// <summary>The cluster holds this split, whoever wrote it.</summary>
/// <param name="Split">As read.</param>
/// <param name="Revision">Of the effect that looked.</param>
public sealed record TrafficInspected(TrafficSplit Split, long Revision) : Observation;

/// <summary>Requests were counted.</summary>
/// <param name="Canary">How many the canary got.</param>
/// <param name="Total">How many there were.</param>
/// <param name="Revision">Of the effect that asked.</param>
public sealed record ShareMeasured(double Canary, double Total, long Revision) : Observation;

/// <summary>A metric was measured.</summary>
public sealed record MeasurementTaken(string Run, string Metric, int Number, Measurement Measurement) : Observation;

/// <summary>The target is free.</summary>
public sealed record TargetReleased : Observation;

/// <summary>Entries up to a number stand in the journal.</summary>
public sealed record JournalAppended(int UpTo) : Observation;

/// <summary>The journal was asked to close.</summary>
/// <param name="Closed">False: there are unread decisions.</param>
public sealed record JournalClosed(bool Closed) : Observation;

/// <summary>A channel shows a notice.</summary>
/// <param name="Key">The notice.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Version">Which form of it.</param>
/// <param name="MessageId">What the channel calls the post; null where it gives no name.</param>
/// <param name="InDoubt">Whether it may not be there after all; see <see cref="Notifications.NoticeReceipt"/>.</param>
public sealed record Notified(string Key, string Channel, int Version, string? MessageId, bool InDoubt = false) : Observation;

/// <summary>What an attempt came to stands in the ledger.</summary>
public sealed record LedgerRecorded(int Attempt) : Observation;

/// <summary>An effect could not be done.</summary>
/// <param name="Effect">The effect that failed.</param>
/// <param name="Kind">Why.</param>
/// <param name="Message">For a person; no secret.</param>
public sealed record EffectFailed(Effect Effect, FailureKind Kind, string Message) : Observation
{
    /// <summary>See <see cref="PortException.RetryAfter"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>A decision from the journal.</summary>
public sealed record DecisionRead(long Sequence, Decision Decision) : Observation;
