using System.Text.Json;
using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Notifications;
using Rollouts.Tests.Machine.Workloads;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine;

/// <summary>Plays the engine and the cluster: time, answers to effects, decisions. Every state passes through JSON, as it does in an engine.</summary>
internal sealed class MachineDriver
{
    private readonly List<JournalEntry> journal = [];
    private readonly List<Observation> waiting = [];
    private int decisions;

    public MachineDriver(Release release)
    {
        Pods = new PodWorld(() => Now);
        Turn = Stored(RolloutMachine.Start(release, "shop.checkout.0123456789", "pipeline", Now));
    }

    /// <summary>Goes on from a stored turn.</summary>
    public MachineDriver(Turn stored, DateTimeOffset now)
    {
        Pods = new PodWorld(() => Now);
        Turn = stored;
        Now = now;
        decisions = (int)stored.Rollout.LastDecision;
    }

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Turn Turn { get; private set; }

    public Rollout Rollout => Turn.Rollout;

    /// <summary>The release's own Deployments.</summary>
    public PodWorld Pods { get; }

    /// <summary>Every split that was written, in order.</summary>
    public List<TrafficSplit> Written { get; } = [];

    public IReadOnlyList<JournalEntry> Journal => journal;

    /// <summary>Every post that a channel took, in order.</summary>
    public List<NoticePost> Posts { get; } = [];

    /// <summary>What attempts came to.</summary>
    public SortedDictionary<int, LedgerRow> Ledger { get; } = [];

    /// <summary>What a measurement returns, in Prometheus' notation; null is a query that fails.</summary>
    public Func<TakeMeasurement, string?> Measure { get; set; } = _ => "[0]";

    /// <summary>Answers in the cluster's place; null takes the default, which obeys.</summary>
    public Func<Effect, Observation?> Answer { get; set; } = _ => null;

    public IEnumerable<string> Events => journal.Select(e => e.Type);

    /// <summary>Performs what is listed and takes the next turn at once if one is due.</summary>
    public bool Step()
    {
        Observation[] observed = [.. waiting, .. Turn.Effects.OrderBy(e => e.Order).Select(Perform)];
        waiting.Clear();
        if (observed.OfType<DecisionRead>().Any() || Turn.WakeAt <= Now)
        {
            Turn = Stored(RolloutMachine.Advance(Rollout, observed, Now));
            return true;
        }

        Turn = Turn with { Effects = [] };
        waiting.AddRange(observed);
        return false;
    }

    public void Settle()
    {
        for (int turns = 0; Step(); turns++)
        {
            Assert.True(turns < 1000, $"the machine does not come to rest at {Now}: {Turn.Rollout.Stage}, {Turn.Effects.Count} effects");
        }
    }

    /// <summary>Lets time pass, turn by turn, until it has passed or the rollout has finished.</summary>
    public void Run(TimeSpan time)
    {
        DateTimeOffset end = Now + time;
        Settle();
        while (Turn.WakeAt is { } wake && wake <= end)
        {
            Now = wake > Now ? wake : Now;
            Settle();
        }

        Now = Rollout.IsFinished ? Now : end;
    }

    public void Decide(Command command, string? question = null, string by = "jo", Actor? actor = null, int? fromStep = null)
    {
        decisions++;
        waiting.Add(new DecisionRead(decisions, new Decision
        {
            Id = $"d{decisions}",
            Command = command,
            By = by,
            Actor = actor,
            At = Now,
            Question = question,
            FromStep = fromStep,
        }));
        Settle();
    }

    private Observation Perform(Effect effect)
    {
        if (effect is RouteTraffic written)
        {
            Written.Add(written.Split);
        }

        if (Answer(effect) is { } given)
        {
            return given;
        }

        switch (effect)
        {
            case InspectWorkload { Workload: { } workload }:
                WorkloadState state = Pods.State();
                return new WorkloadInspected(state.Stable?.Revision, workload.Revision) { State = state };
            case ShapeWorkload shape:
                return Pods.Perform(shape);
            case InspectWorkload:
                return new WorkloadInspected("stable", "canary");
            case ClaimTarget:
                return new TargetClaimed(TrafficSplit.None);
            case RouteTraffic route:
                return new TrafficRouted(route.Split, route.Revision);
            case MeasureShare share:
                return new ShareMeasured(1_000d * Rollout.Desired.CanaryWeight / Rollout.Release.Target.MaxWeight, 1_000, share.Revision);
            case InspectTraffic look:
                return new TrafficInspected(Rollout.Applied ?? TrafficSplit.None, look.Revision);
            case ReleaseTarget:
                return new TargetReleased();
            case TakeMeasurement take:
                string? value = Measure(take);
                Measurement measurement = MetricVerdict.Judge(
                    take.Metric, value is null ? null : MetricValue.ParsePrometheusNotation(value), value is null ? "connection refused" : null, Now, Now);
                return new MeasurementTaken(take.Run, take.Metric.Name, take.Number, measurement);
            case AppendJournal append:
                journal.AddRange(append.Entries.Where(e => e.Number > journal.Count));
                return new JournalAppended(append.Entries[^1].Number);
            case Notify { Post: var post }:
                Posts.Add(post);
                return new Notified(post.Key, post.Channel, post.Version, $"{post.Channel}/{post.Key}");
            case RecordLedger { Row: var row }:
                Ledger[row.Attempt] = row;
                return new LedgerRecorded(row.Attempt);
            default:
                return new JournalClosed(true);
        }
    }

    private static Turn Stored(Turn turn)
    {
        string json = JsonSerializer.Serialize(turn, RolloutJson.Default.Turn);
        Turn read = JsonSerializer.Deserialize(json, RolloutJson.Default.Turn)!;
        Assert.Equal(json, JsonSerializer.Serialize(read, RolloutJson.Default.Turn));
        return read;
    }
}
