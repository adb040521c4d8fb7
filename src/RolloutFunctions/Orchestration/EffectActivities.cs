using Microsoft.Azure.Functions.Worker;
using RolloutFunctions.Engine;
using Rollouts.Journal;
using Rollouts.Machine;

namespace RolloutFunctions.Orchestration;

/// <summary>The activities: one for each kind of effect, and the reading of decisions. All may run twice. Their names stand in histories and stay.</summary>
public sealed class EffectActivities(EffectPerformer performer, IRolloutJournal journal, RolloutClosing closing, Interruption interruption)
{
    public const string ReadDecisionsName = "ReadDecisions";

    /// <summary>How many decisions a turn reads at most, so that its input stays small.</summary>
    public const int MostDecisions = 50;

    private const string ClaimTargetName = "ClaimTarget";
    private const string InspectWorkloadName = "InspectWorkload";
    private const string ShapeWorkloadName = "ShapeWorkload";
    private const string RouteTrafficName = "RouteTraffic";
    private const string InspectTrafficName = "InspectTraffic";
    private const string MeasureShareName = "MeasureShare";
    private const string TakeMeasurementName = "TakeMeasurement";
    private const string ReleaseTargetName = "ReleaseTarget";
    private const string AppendJournalName = "AppendJournal";
    private const string RecordLedgerName = "RecordLedger";
    private const string CloseJournalName = "CloseJournal";
    private const string NotifyName = "Notify";

    public static string NameOf(Effect effect) => effect switch
    {
        ClaimTarget => ClaimTargetName,
        InspectWorkload => InspectWorkloadName,
        ShapeWorkload => ShapeWorkloadName,
        RouteTraffic => RouteTrafficName,
        InspectTraffic => InspectTrafficName,
        MeasureShare => MeasureShareName,
        TakeMeasurement => TakeMeasurementName,
        ReleaseTarget => ReleaseTargetName,
        AppendJournal => AppendJournalName,
        RecordLedger => RecordLedgerName,
        CloseJournal => CloseJournalName,
        Notify => NotifyName,
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect.GetType().Name, "an effect that this build does not know"),
    };

    [Function(ClaimTargetName)]
    public Task<EffectOutcome> ClaimTargetAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) => PerformAsync(work, cancellationToken);

    [Function(InspectWorkloadName)]
    public Task<EffectOutcome> InspectWorkloadAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) => PerformAsync(work, cancellationToken);

    [Function(ShapeWorkloadName)]
    public Task<EffectOutcome> ShapeWorkloadAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) => PerformAsync(work, cancellationToken);

    [Function(RouteTrafficName)]
    public Task<EffectOutcome> RouteTrafficAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) => PerformAsync(work, cancellationToken);

    [Function(InspectTrafficName)]
    public Task<EffectOutcome> InspectTrafficAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) => PerformAsync(work, cancellationToken);

    [Function(MeasureShareName)]
    public Task<EffectOutcome> MeasureShareAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) =>
        interruption.RunAsync(work, limit => PerformAsync(work, limit), cancellationToken);

    [Function(TakeMeasurementName)]
    public Task<EffectOutcome> TakeMeasurementAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) =>
        interruption.RunAsync(work, limit => PerformAsync(work, limit), cancellationToken);

    [Function(NotifyName)]
    public Task<EffectOutcome> NotifyAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) =>
        interruption.RunAsync(work, limit => PerformAsync(work, limit), cancellationToken);

    [Function(ReleaseTargetName)]
    public Task<EffectOutcome> ReleaseTargetAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) => PerformAsync(work, cancellationToken);

    [Function(AppendJournalName)]
    public Task<EffectOutcome> AppendJournalAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) => PerformAsync(work, cancellationToken);

    [Function(RecordLedgerName)]
    public Task<EffectOutcome> RecordLedgerAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken) => PerformAsync(work, cancellationToken);

    [Function(CloseJournalName)]
    public async Task<EffectOutcome> CloseJournalAsync([ActivityTrigger] EffectWork work, CancellationToken cancellationToken)
    {
        EffectOutcome outcome = await PerformAsync(work, cancellationToken).ConfigureAwait(false);
        if (outcome.Observation is JournalClosed { Closed: true } && work.Effect is CloseJournal close)
        {
            _ = await closing.FinishAsync(work.RolloutId, close.LastRead, cancellationToken).ConfigureAwait(false);
        }

        return outcome;
    }

    [Function(ReadDecisionsName)]
    public async Task<DecisionPage> ReadDecisionsAsync([ActivityTrigger] DecisionsAfter after, CancellationToken cancellationToken)
    {
        IReadOnlyList<SequencedDecision> unread = await journal
            .ReadDecisionsAsync(after.RolloutId, after.Sequence, cancellationToken).ConfigureAwait(false);
        return new DecisionPage([.. unread.Take(MostDecisions)], unread.Count > MostDecisions);
    }

    private async Task<EffectOutcome> PerformAsync(EffectWork work, CancellationToken cancellationToken) =>
        new(await performer.PerformAsync(work.RolloutId, work.Effect, cancellationToken).ConfigureAwait(false));
}
