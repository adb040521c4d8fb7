using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Notifications;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Machine;

/// <summary>
/// Does what the machine lists, through the ports, and says what came of it. Every engine performs effects with this one class; a failure of a port
/// becomes an observation, because when to try again is the machine's to say.
/// </summary>
/// <param name="router">Writes traffic splits.</param>
/// <param name="workloads">Reads which versions stand behind services, for workloads that somebody else deploys.</param>
/// <param name="metrics">Answers metric queries.</param>
/// <param name="journal">Takes entries.</param>
/// <param name="time">For time-outs and the times of measurements.</param>
/// <param name="deployments">Runs a release's own workloads; null on an engine that runs none, which then refuses such releases.</param>
/// <param name="notifier">Posts to channels. Null (the default): every post is refused.</param>
/// <param name="ledger">What attempts came to is written here. Null (the default): nowhere.</param>
public sealed class EffectPerformer(
    ITrafficRouter router,
    IWorkloadReader workloads,
    IMetricProvider metrics,
    IRolloutJournal journal,
    TimeProvider time,
    IWorkloadController? deployments = null,
    INotifier? notifier = null,
    IRolloutLedger? ledger = null)
{
    /// <summary>How long an effect on a cluster or the journal may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a post may take: whatever comes next in the rollout waits for it.</summary>
    public static readonly TimeSpan NotifyTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Answers metrics of web services; null on an engine that asks none.</summary>
    public IWebMetricProvider? Web { get; init; }

    /// <summary>Reads secrets that metrics need; null on an engine that reads none.</summary>
    public ISecretSource? Secrets { get; init; }

    private MeasurementTaker Measurements => field ??= new MeasurementTaker(metrics, time) { Web = Web, Secrets = Secrets };

    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<Observation> PerformAsync(string rolloutId, Effect effect, CancellationToken cancellationToken)
    {
        if (effect is TakeMeasurement measurement)
        {
            Measurement taken = await Measurements.TakeAsync(measurement.Metric, cancellationToken).ConfigureAwait(false);
            return new MeasurementTaken(measurement.Run, measurement.Metric.Name, measurement.Number, taken);
        }

        TimeSpan most = effect is Notify ? NotifyTimeout : Timeout;
        using var limit = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await PerformAsync(rolloutId, effect, journal, either.Token).ConfigureAwait(false);
        }
        catch (PortException failure)
        {
            return new EffectFailed(effect, failure.Kind, failure.Message) { RetryAfter = failure.RetryAfter };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EffectFailed(effect, FailureKind.Transient, $"no answer within {most.TotalSeconds:0} s");
        }
    }

    private async Task<Observation> PerformAsync(string rolloutId, Effect effect, IRolloutJournal record, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case ClaimTarget claim:
                ClaimedTarget claimed = await router.ClaimAsync(claim.Target, rolloutId, RolloutMachine.LeaseTerm, cancellationToken).ConfigureAwait(false);
                return new TargetClaimed(claimed.Found, claimed.TakenFrom);
            case InspectWorkload { Workload: { } workload } inspect:
                WorkloadState found = await Deployments.ReadAsync(inspect.Target, workload, cancellationToken).ConfigureAwait(false);
                return new WorkloadInspected(found.Stable?.Revision, workload.Revision) { State = found };
            case InspectWorkload inspect:
                WorkloadRevisions revisions = await workloads.ReadAsync(inspect.Target, cancellationToken).ConfigureAwait(false);
                return new WorkloadInspected(revisions.StableHash, revisions.CanaryHash);
            case ShapeWorkload shape:
                WorkloadFence fence = new(rolloutId, shape.Since, shape.Revision);
                return new WorkloadShaped(
                    await Deployments.ApplyAsync(shape.Target, shape.Workload, shape.Plan, fence, cancellationToken).ConfigureAwait(false), shape.Revision);
            case RouteTraffic route:
                TrafficSplit split = await router.ApplyAsync(route.Target, route.Split, rolloutId, route.Revision, cancellationToken).ConfigureAwait(false);
                return new TrafficRouted(split, route.Revision);
            case InspectTraffic look:
                return new TrafficInspected(await router.RenewAsync(look.Target, look.Written, rolloutId, cancellationToken).ConfigureAwait(false), look.Revision);
            case MeasureShare share:
                Task<double> canary = CountAsync(share.Canary, cancellationToken);
                Task<double> total = CountAsync(share.Total, cancellationToken);
                return new ShareMeasured(await canary.ConfigureAwait(false), await total.ConfigureAwait(false), share.Revision);
            case ReleaseTarget release:
                await router.ReleaseAsync(release.Target, rolloutId, cancellationToken).ConfigureAwait(false);
                return new TargetReleased();
            case AppendJournal append:
                await record.AppendAsync(rolloutId, append.Entries, cancellationToken).ConfigureAwait(false);
                return new JournalAppended(append.Entries[^1].Number);
            case Notify { Post: var post }:
                NoticeReceipt shown = notifier is null
                    ? throw new PortException(FailureKind.Invalid, "no channel is set up here")
                    : await notifier.PostAsync(post, cancellationToken).ConfigureAwait(false);
                return new Notified(post.Key, post.Channel, post.Version, shown.MessageId, shown.InDoubt);
            case RecordLedger { Row: var row }:
                await (ledger?.RecordAsync(row, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
                return new LedgerRecorded(row.Attempt);
            case CloseJournal close:
                return new JournalClosed(await record.TryCloseAsync(rolloutId, close.LastRead, cancellationToken).ConfigureAwait(false));
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect.GetType().Name, "an effect that this build does not know");
        }
    }

    /// <summary>No data is no request.</summary>
    private async Task<double> CountAsync(PrometheusQuery query, CancellationToken cancellationToken)
    {
        MetricAnswer answer = await metrics.QueryAsync(query, cancellationToken).ConfigureAwait(false);
        return answer.Value switch
        {
            { HasNoData: true } => 0,
            ScalarValue scalar => scalar.Value,
            VectorValue { Values: [var only] } => only,
            var other => throw new PortException(FailureKind.Invalid, $"a count of requests must be one number; the query gave {other}"),
        };
    }

    private IWorkloadController Deployments => deployments
        ?? throw new PortException(FailureKind.Invalid, "this engine deploys no workloads; give it a workload controller, or leave template and workloadRef out");
}
