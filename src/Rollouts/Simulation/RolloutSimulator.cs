using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Simulation;

/// <summary>
/// Runs a whole rollout in virtual time with the machine that the engines run. A query takes no time, and a metric without a series always succeeds.
/// </summary>
public sealed class RolloutSimulator
{
    /// <summary>Beyond this many turns a simulation stops and says so; a rollout of a day takes a few thousand.</summary>
    public const int MostTurns = 200_000;

    private const int SimulatedRequests = 100_000;

    private readonly Release release;
    private readonly MetricSeries series;
    private readonly ClusterBehavior cluster;
    private readonly SimulatedDeployments? deployments;
    private readonly Queue<SequencedDecision> decisions;
    private readonly Dictionary<string, int> measured = [];
    private readonly SortedDictionary<int, JournalEntry> entries = [];
    private readonly List<SimulatedWeight> weights = [new(0, 0)];
    private readonly List<SimulatedPhase> phases = [];
    private readonly List<SimulatedMeasurement> measurements = [];
    private readonly SpanRecorder spans = new();
    private readonly SimulatedRequests requests;
    private DateTimeOffset now;
    private TrafficSplit split = TrafficSplit.None;
    private int greatestWeight = 100;

    private RolloutSimulator(Release release, MetricSeries series, IReadOnlyList<SimulatedDecision> decisions, ClusterBehavior cluster)
    {
        this.release = Resolved(release);
        this.series = series;
        this.cluster = cluster;
        now = Start;
        requests = new SimulatedRequests(cluster, weights);
        deployments = this.release.Workload is { } workload ? new SimulatedDeployments(cluster, workload, Start) : null;
        this.decisions = new(decisions.OrderBy(d => d.At).Select((d, i) => new SequencedDecision(i + 1, new Decision
        {
            Id = $"d{i + 1}",
            Command = d.Command,
            By = d.By,
            Channel = "simulation",
            At = Start + d.At,
            Reason = d.Reason,
            FromStep = d.FromStep,
        })));
    }

    private DateTimeOffset Start => cluster.StartsAt.ToUniversalTime();

    private TimeSpan Elapsed => now - Start;

    /// <summary>Simulates.</summary>
    /// <param name="release">The release.</param>
    /// <param name="series">What the metrics return.</param>
    /// <param name="decisions">What people decide, and when.</param>
    /// <param name="cluster">How the cluster behaves. Default <see cref="ClusterBehavior.Obedient"/>.</param>
    public static SimulationResult Run(
        Release release, MetricSeries series, IReadOnlyList<SimulatedDecision> decisions, ClusterBehavior? cluster = null) =>
        new RolloutSimulator(release, series, decisions, cluster ?? ClusterBehavior.Obedient).Run();

    // What an engine reads from the cluster before it begins.
    private static Release Resolved(Release release) => release.Workload is not { Revision: null } workload
        ? release
        : release with
        {
            Workload = workload with
            {
                Template = workload.Template ?? "{}",
                Selector = workload.Selector ?? new Dictionary<string, string>(),
                Revision = Workloads.PodTemplateHash.Of(workload.Template ?? workload.Reference?.Name ?? "", new Dictionary<string, string>()),
            },
        };

    private SimulationResult Run()
    {
        Turn turn = RolloutMachine.Start(release, "simulation", "simulation", now);
        for (int turns = 0; turns < MostTurns; turns++)
        {
            Follow(turn.Rollout);
            List<Observation> observations = [.. turn.Effects.OrderBy(e => e.Order).Select(Perform)];
            if (NextTime(turn) is not { } next)
            {
                return Result(turn.Rollout, turn.Rollout.IsFinished ? null : "nothing more happens until a person decides");
            }

            now = next > now ? next : now;
            while (decisions.TryPeek(out SequencedDecision? decision) && decision.Decision.At <= now)
            {
                observations.Add(new DecisionRead(decision.Sequence, decisions.Dequeue().Decision));
            }

            // Nobody else writes to a simulated cluster, so nobody looks what is there.
            turn = RolloutMachine.Advance(turn.Rollout with { TrafficSeenAt = null }, observations, now);
        }

        return Result(turn.Rollout, $"stopped after {MostTurns} turns");
    }

    private void Follow(Rollout rollout)
    {
        RolloutPhase phase = RolloutStatusView.PhaseOf(rollout);
        if (phases.Count == 0 || phases[^1].Phase != phase)
        {
            phases.Add(new SimulatedPhase(Elapsed.TotalSeconds, phase));
        }

        spans.Follow(rollout, Elapsed.TotalSeconds);
    }

    private DateTimeOffset? NextTime(Turn turn)
    {
        DateTimeOffset? decided = decisions.TryPeek(out SequencedDecision? decision) ? decision.Decision.At : null;
        return turn.WakeAt is { } wake && (decided is null || wake <= decided) ? wake : decided;
    }

    private Observation Perform(Effect effect)
    {
        if (FaultOf(effect) is { } fault)
        {
            return new EffectFailed(effect, fault.Kind, fault.Message);
        }

        switch (effect)
        {
            case InspectWorkload { Workload: not null }:
                WorkloadState state = deployments!.State(now);
                return new WorkloadInspected(state.Stable?.Revision, release.Workload!.Revision) { State = state };
            case InspectWorkload:
                return new WorkloadInspected("stable", "canary");
            case ShapeWorkload shape:
                return new WorkloadShaped(deployments!.Apply(shape.Plan, now), shape.Revision);
            case ClaimTarget:
                return new TargetClaimed(TrafficSplit.None);
            case RouteTraffic route:
                if (weights[^1].Weight != route.Split.CanaryWeight)
                {
                    weights.Add(new SimulatedWeight(Elapsed.TotalSeconds, route.Split.CanaryWeight));
                }

                split = route.Split;
                spans.Follow(split, Elapsed.TotalSeconds);
                greatestWeight = route.Target.MaxWeight;
                return new TrafficRouted(route.Split, route.Revision);
            case InspectTraffic look:
                return new TrafficInspected(split, look.Revision);
            case MeasureShare share:
                // A simulated data plane does what it is told.
                return requests.AreKnown
                    ? new ShareMeasured(requests.Counted(share.Canary, Elapsed, greatestWeight), requests.Counted(share.Total, Elapsed), share.Revision)
                    : new ShareMeasured((double)SimulatedRequests * split.CanaryWeight / greatestWeight, SimulatedRequests, share.Revision);
            case ReleaseTarget:
                return new TargetReleased();
            case TakeMeasurement take:
                Measurement measurement = Measure(take.Metric);
                measurements.Add(new SimulatedMeasurement(
                    Elapsed.TotalSeconds, take.Run, take.Metric.Name, measurement.Phase, measurement.Value, measurement.Message)
                {
                    DryRun = take.Metric.DryRun,
                });
                return new MeasurementTaken(take.Run, take.Metric.Name, take.Number, measurement);
            case AppendJournal append:
                foreach (JournalEntry entry in append.Entries)
                {
                    entries[entry.Number] = entry;
                }

                return new JournalAppended(append.Entries[^1].Number);
            case Notify { Post: var post }:
                return new Notified(post.Key, post.Channel, post.Version, $"simulated-{post.Key}");
            case RecordLedger { Row: var row }:
                return new LedgerRecorded(row.Attempt);
            case CloseJournal:
                return new JournalClosed(true);
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect.GetType().Name, "an effect that the simulator does not know");
        }
    }

    private SimulatedFault? FaultOf(Effect effect)
    {
        FaultyPart? part = effect switch
        {
            RouteTraffic or ClaimTarget or ReleaseTarget => FaultyPart.Traffic,
            InspectWorkload or ShapeWorkload => FaultyPart.Workload,
            _ => null,
        };
        return part is null ? null : FaultNow(part.Value);
    }

    private SimulatedFault? FaultNow(FaultyPart part) => cluster.Faults.FirstOrDefault(f => f.What == part && f.IsAt(Elapsed));

    private Measurement Measure(Metric metric)
    {
        if (FaultNow(FaultyPart.Metrics) is { } fault)
        {
            return MetricVerdict.Judge(metric, null, fault.Message, now, now);
        }

        if (requests.AreKnown && metric.Minimum is { } minimum)
        {
            double counted = requests.Counted(minimum.Query, Elapsed, greatestWeight);
            if (minimum.Missing(counted) is { } missing)
            {
                return new Measurement { StartedAt = now, FinishedAt = now, Phase = MeasurementPhase.Error, Message = missing, NoData = true };
            }

            if (metric.Prometheus?.Query == minimum.Query.Query)
            {
                return MetricVerdict.Judge(metric, new ScalarValue(Math.Round(counted, 2)), null, now, now);
            }
        }

        int index = measured.GetValueOrDefault(metric.Name);
        measured[metric.Name] = index + 1;
        return series.At(metric.Name, index) is { } given
            ? MetricVerdict.Judge(metric, given.Value, given.Error, now, now)
            : new Measurement { StartedAt = now, FinishedAt = now, Phase = MeasurementPhase.Successful, Message = "no series given: taken as a success" };
    }

    private SimulationResult Result(Rollout rollout, string? note)
    {
        Follow(rollout);
        double end = ((rollout.FinishedAt ?? now) - Start).TotalSeconds;
        double weightSeconds = weights.Select((w, i) => w.Weight * (Math.Min(end, i + 1 < weights.Count ? weights[i + 1].At : end) - Math.Min(end, w.At))).Sum();
        double share = end > 0 ? weightSeconds / release.Target.MaxWeight / end : 0;
        double? canaryRequests = requests.AreKnown ? requests.ToCanary(0, end, release.Target.MaxWeight) : null;
        if (canaryRequests is { } some && requests.Total(0, end) is > 0 and var all)
        {
            share = some / all;
        }

        return new SimulationResult(
            rollout.Outcome,
            RolloutStatusView.PhaseOf(rollout),
            end,
            note ?? rollout.Message,
            [.. entries.Values.Select(e => new SimulatedEvent((e.At - Start).TotalSeconds, e.Type, e.Step, e.Weight, e.Message, e.By))])
        {
            MaxWeight = release.Target.MaxWeight,
            Weights = weights,
            Phases = phases,
            Measurements = measurements,
            CanaryShare = share,
            CanaryRequests = (long?)canaryRequests,
            Spans = spans.All,
            StartsAt = cluster.StartsAt,
        };
    }
}
