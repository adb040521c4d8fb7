using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Traffic;

namespace Rollouts.Simulation;

/// <summary>
/// Runs a whole rollout in virtual time with the machine that the engines run. The cluster obeys at once, a query takes no time, and a metric without a
/// series always succeeds.
/// </summary>
public sealed class RolloutSimulator
{
    /// <summary>Beyond this many turns a simulation stops and says so; a rollout of a day takes a few thousand.</summary>
    public const int MostTurns = 200_000;

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(30);

    private readonly MetricSeries series;
    private readonly Queue<SequencedDecision> decisions;
    private readonly Dictionary<string, int> measured = [];
    private readonly SortedDictionary<int, JournalEntry> entries = [];
    private readonly SimulatedWorkload pods = new();
    private DateTimeOffset now = Start;

    private RolloutSimulator(MetricSeries series, IReadOnlyList<SimulatedDecision> decisions)
    {
        this.series = series;
        this.decisions = new(decisions.OrderBy(d => d.At).Select((d, i) => new SequencedDecision(i + 1, new Decision
        {
            Id = $"d{i + 1}",
            Command = d.Command,
            By = d.By,
            Channel = "simulation",
            At = Start + d.At,
            Reason = d.Reason,
        })));
    }

    /// <summary>Simulates.</summary>
    /// <param name="release">The release.</param>
    /// <param name="series">What the metrics return.</param>
    /// <param name="decisions">What people decide, and when.</param>
    public static SimulationResult Run(Release release, MetricSeries series, IReadOnlyList<SimulatedDecision> decisions) =>
        new RolloutSimulator(series, decisions).Run(release);

    private SimulationResult Run(Release release)
    {
        release = release with { Workload = SimulatedWorkload.Complete(release.Workload) };
        Turn turn = RolloutMachine.Start(release, "simulation", "simulation", now);
        for (int turns = 0; turns < MostTurns; turns++)
        {
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

            turn = RolloutMachine.Advance(turn.Rollout, observations, now);
        }

        return Result(turn.Rollout, $"stopped after {MostTurns} turns");
    }

    private DateTimeOffset? NextTime(Turn turn)
    {
        DateTimeOffset? decided = decisions.TryPeek(out SequencedDecision? decision) ? decision.Decision.At : null;
        return turn.WakeAt is { } wake && (decided is null || wake <= decided) ? wake : decided;
    }

    private Observation Perform(Effect effect)
    {
        switch (effect)
        {
            case InspectWorkload { Workload: { } workload }:
                return new WorkloadInspected("stable", workload.Revision) { State = pods.Read(workload) };
            case ShapeWorkload shape:
                return new WorkloadShaped(pods.Apply(shape.Workload, shape.Plan), shape.Revision);
            case InspectWorkload:
                return new WorkloadInspected("stable", "canary");
            case ClaimTarget:
                return new TargetClaimed(TrafficSplit.None);
            case RouteTraffic route:
                return new TrafficRouted(route.Split, route.Revision);
            case ReleaseTarget:
                return new TargetReleased();
            case TakeMeasurement take:
                return new MeasurementTaken(take.Run, take.Metric.Name, take.Number, Measure(take.Metric));
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

    private Measurement Measure(Metric metric)
    {
        int index = measured.GetValueOrDefault(metric.Name);
        measured[metric.Name] = index + 1;
        return series.At(metric.Name, index) is { } given
            ? MetricVerdict.Judge(metric, given.Value, given.Error, now, now)
            : new Measurement { StartedAt = now, FinishedAt = now, Phase = MeasurementPhase.Successful, Message = "no series given: taken as a success" };
    }

    private SimulationResult Result(Rollout rollout, string? note) => new(
        rollout.Outcome,
        RolloutStatusView.PhaseOf(rollout),
        ((rollout.FinishedAt ?? now) - Start).TotalSeconds,
        note ?? rollout.Message,
        [.. entries.Values.Select(e => new SimulatedEvent((e.At - Start).TotalSeconds, e.Type, e.Step, e.Weight, e.Message))]);
}

/// <summary>A decision of a simulation.</summary>
/// <param name="At">From the start.</param>
/// <param name="Command">What.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why; default none.</param>
public sealed record SimulatedDecision(TimeSpan At, Command Command, string By, string? Reason = null);

/// <summary>How a simulated rollout went.</summary>
/// <param name="Outcome">Null when it never ended.</param>
/// <param name="Phase">Its phase at the end.</param>
/// <param name="DurationSeconds">From the start to the outcome, or to the last event.</param>
/// <param name="Message">Why it ended so.</param>
/// <param name="Events">Everything that its journal would hold, in order.</param>
public sealed record SimulationResult(
    RolloutOutcome? Outcome, RolloutPhase Phase, double DurationSeconds, string Message, IReadOnlyList<SimulatedEvent> Events);

/// <summary>One event.</summary>
/// <param name="At">Seconds from the start.</param>
/// <param name="Type">See <see cref="EventType"/>.</param>
/// <param name="Step">The step's index from 0; null outside the steps.</param>
/// <param name="Weight">The canary's weight then.</param>
/// <param name="Message">What and why.</param>
public sealed record SimulatedEvent(double At, string Type, int? Step, int Weight, string Message);
