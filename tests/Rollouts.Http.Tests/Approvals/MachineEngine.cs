using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Http.Tests.Approvals;

/// <summary>One rollout on the real machine, in memory, in a cluster that obeys. It waits at a pause for people.</summary>
internal sealed class MachineEngine : IRolloutEngine
{
    public const string Id = "shop.checkout.0123456789";

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> decided = [];
    private readonly List<JournalRecord> journal = [];
    private readonly TimeProvider time;
    private TrafficSplit split = TrafficSplit.None;
    private Turn turn;

    public MachineEngine(TimeProvider time, ApprovalPolicy? approval = null)
    {
        this.time = time;
        Release release = new()
        {
            Name = "checkout",
            Namespace = "shop",
            Digest = "0123456789abcdef",
            Requester = "kim@example.com",
            Target = new TrafficTarget { Namespace = "shop", RolloutName = "checkout", StableService = "stable", CanaryService = "canary", Nginx = new NginxRouting { StableIngresses = ["checkout"] } },
            Steps = [new SetWeightStep(5), new PauseStep(null), new PauseStep(TimeSpan.FromHours(10))],
            Policy = RolloutPolicy.Default with { Approval = approval },
        };
        turn = RolloutMachine.Start(release, Id, "pipeline", time.GetUtcNow());
        Settle([]);
    }

    /// <summary>How long a decision takes to be taken.</summary>
    public TimeSpan Slow { get; set; }

    /// <summary>What a decision meets instead of being taken; null nothing.</summary>
    public Exception? Fault { get; set; }

    public IReadOnlyList<JournalEntry> Entries => [.. journal.Select(r => r.Entry).OfType<JournalEntry>()];

    public RolloutStatus Status => RolloutStatusView.Of(turn);

    public int Decisions => decided.Count;

    public Task<StartResult> StartAsync(Release release, string startedBy, bool supersede, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StartResult> UndoAsync(string id, UndoRequest undo, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FormerVersions?> FormerAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RolloutStatus?> FindAsync(string id, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(id == Id ? Status : null);
        }
    }

    public async Task<IReadOnlyList<RolloutStatus>> ListAsync(int most, CancellationToken cancellationToken) => [(await FindAsync(Id, cancellationToken))!];

    public async Task<DecisionReceipt> DecideAsync(string id, Decision decision, CancellationToken cancellationToken)
    {
        await Task.Delay(Slow, cancellationToken);
        if (Fault is { } fault)
        {
            throw fault;
        }

        lock (gate)
        {
            if (id != Id)
            {
                return new DecisionReceipt(DecisionOutcome.NotFound, null);
            }

            if (decided.ContainsKey(decision.Id))
            {
                return new DecisionReceipt(DecisionOutcome.AlreadyAccepted, Status);
            }

            if (turn.Rollout.IsFinished)
            {
                return new DecisionReceipt(DecisionOutcome.AlreadyFinished, Status);
            }

            decided[decision.Id] = decided.Count + 1;
            journal.Add(new JournalRecord(journal.Count + 1, null, decision));
            Settle([new DecisionRead(decided.Count, decision)]);
            return new DecisionReceipt(DecisionOutcome.Accepted, Status);
        }
    }

    public Task<IReadOnlyList<JournalRecord>?> ReadJournalAsync(string id, long after, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JournalRecord>?>([.. journal.Where(r => r.Position > after).Take(most)]);

    private void Settle(IReadOnlyList<Observation> observed)
    {
        for (int turns = 0; turns == 0 || turn.Effects.Count > 0; turns++)
        {
            Assert.True(turns < 100, "the machine does not come to rest");
            observed = [.. observed, .. turn.Effects.OrderBy(e => e.Order).Select(Perform)];
            turn = RolloutMachine.Advance(turn.Rollout, observed, time.GetUtcNow());
            observed = [];
        }
    }

    private Observation Perform(Effect effect)
    {
        switch (effect)
        {
            case InspectWorkload:
                return new WorkloadInspected("stable", "canary");
            case ClaimTarget:
                return new TargetClaimed(TrafficSplit.None);
            case RouteTraffic route:
                split = route.Split;
                return new TrafficRouted(route.Split, route.Revision);
            case InspectTraffic look:
                return new TrafficInspected(split, look.Revision);
            case RecordLedger { Row: var row }:
                return new LedgerRecorded(row.Attempt);
            case ReleaseTarget:
                return new TargetReleased();
            case AppendJournal append:
                journal.AddRange(append.Entries.Select((e, i) => new JournalRecord(journal.Count + 1 + i, e, null)));
                return new JournalAppended(append.Entries[^1].Number);
            case CloseJournal:
                return new JournalClosed(true);
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect.GetType().Name, "an effect that this engine does not know");
        }
    }
}
