using System.Text.Json.Serialization;
using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Notifications;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>
/// Something that the machine wants done. Its content is absolute, so doing it twice is doing it once; whatever comes of it goes back as an
/// <see cref="Observation"/>. An effect that was not done, or whose observation was lost, is listed again by the next turn.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "effect")]
[JsonDerivedType(typeof(ClaimTarget), "claimTarget")]
[JsonDerivedType(typeof(InspectWorkload), "inspectWorkload")]
[JsonDerivedType(typeof(ShapeWorkload), "shapeWorkload")]
[JsonDerivedType(typeof(RouteTraffic), "routeTraffic")]
[JsonDerivedType(typeof(InspectTraffic), "inspectTraffic")]
[JsonDerivedType(typeof(MeasureShare), "measureShare")]
[JsonDerivedType(typeof(TakeMeasurement), "takeMeasurement")]
[JsonDerivedType(typeof(ReleaseTarget), "releaseTarget")]
[JsonDerivedType(typeof(AppendJournal), "appendJournal")]
[JsonDerivedType(typeof(CloseJournal), "closeJournal")]
[JsonDerivedType(typeof(Notify), "notify")]
[JsonDerivedType(typeof(RecordLedger), "recordLedger")]
public abstract record Effect
{
    /// <summary>Effects of one order are done side by side, lower orders first.</summary>
    public int Order { get; init; }

    /// <summary>
    /// Whether an engine may break this effect off when a decision comes in. True for what only reads (a measurement): the decision is then
    /// acted upon at once and the effect is listed again if it is still wanted.
    /// </summary>
    [JsonIgnore]
    public virtual bool Interruptible => false;
}

/// <summary>Makes the rollout the owner of its target.</summary>
public sealed record ClaimTarget(TrafficTarget Target) : Effect;

/// <summary>Looks which versions stand behind the services, or which pods there are of the release's workload.</summary>
public sealed record InspectWorkload(TrafficTarget Target) : Effect
{
    /// <summary>Null: both versions are deployed by somebody else.</summary>
    public WorkloadSpec? Workload { get; init; }
}

/// <summary>Makes the workload's objects follow a plan. It is repeated while pods are waited for, and is a read when nothing has to change.</summary>
/// <param name="Target">Where.</param>
/// <param name="Workload">The release's workload.</param>
/// <param name="Plan">What is to be there; absolute.</param>
/// <param name="Since">When the rollout took the target; see <see cref="WorkloadFence"/>.</param>
/// <param name="Revision">Grows with every new plan.</param>
public sealed record ShapeWorkload(TrafficTarget Target, WorkloadSpec Workload, WorkloadPlan Plan, DateTimeOffset Since, long Revision) : Effect;

/// <summary>Writes a traffic split.</summary>
public sealed record RouteTraffic(TrafficTarget Target, TrafficSplit Split, long Revision) : Effect;

/// <summary>Says to the cluster that the rollout is still there, and looks what others have written to its target.</summary>
/// <param name="Target">Where.</param>
/// <param name="Written">The last split written.</param>
/// <param name="Revision">Its revision; what is seen is compared with that one only.</param>
public sealed record InspectTraffic(TrafficTarget Target, TrafficSplit Written, long Revision) : Effect;

/// <summary>Asks how many requests there were, and how many of them the canary got.</summary>
/// <param name="Canary">Counts the canary's.</param>
/// <param name="Total">Counts all.</param>
/// <param name="Revision">Of the split whose share is asked.</param>
public sealed record MeasureShare(PrometheusQuery Canary, PrometheusQuery Total, long Revision) : Effect
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool Interruptible => true;
}

/// <summary>Asks for one value of one metric and evaluates its conditions.</summary>
/// <param name="Run">The analysis run.</param>
/// <param name="Metric">What to measure.</param>
/// <param name="Number">Which measurement of this metric in this run, from 1.</param>
public sealed record TakeMeasurement(string Run, Metric Metric, int Number) : Effect
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool Interruptible => true;
}

/// <summary>Gives the target free.</summary>
public sealed record ReleaseTarget(TrafficTarget Target) : Effect;

/// <summary>Records entries.</summary>
public sealed record AppendJournal(IReadOnlyList<JournalEntry> Entries) : Effect;

/// <summary>Writes what the attempt came to into the ledger.</summary>
public sealed record RecordLedger(LedgerRow Row) : Effect;

/// <summary>Closes the journal if no decision comes after the last one read.</summary>
public sealed record CloseJournal(long LastRead) : Effect;

/// <summary>Makes a channel show a notice. Chat is never waited for: a decision breaks it off, and its failure changes nothing else.</summary>
public sealed record Notify(NoticePost Post) : Effect
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool Interruptible => true;
}
