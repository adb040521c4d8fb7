using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Workloads;

namespace Rollouts.Http.Tests;

/// <summary>Remembers what it was asked, and answers as it is told.</summary>
internal sealed class FakeEngine : IRolloutEngine
{
    public StartResult Start { get; set; } = new(StartOutcome.Started, Status());

    public DecisionOutcome Decision { get; set; } = DecisionOutcome.Accepted;

    public RolloutStatus? Found { get; set; } = Status();

    public List<Decision> Decisions { get; } = [];

    public List<Release> Releases { get; } = [];

    /// <summary>Whether each start was to supersede.</summary>
    public List<bool> Superseding { get; } = [];

    public List<(string Id, UndoRequest Undo)> Undone { get; } = [];

    public FormerVersions Former { get; set; } = new([], null);

    public static RolloutStatus Status() => new()
    {
        Id = "shop.checkout.0123456789",
        Name = "checkout",
        Namespace = "shop",
        Phase = RolloutPhase.Paused,
        StartedAt = DateTimeOffset.UnixEpoch,
        Message = "pause: 5m",
        Question = new Question("q1", QuestionKind.Pause, DateTimeOffset.UnixEpoch, null, "waits"),
    };

    public Task<StartResult> StartAsync(Release release, string startedBy, bool supersede, CancellationToken cancellationToken)
    {
        Releases.Add(release);
        Superseding.Add(supersede);
        return Task.FromResult(Start);
    }

    public Task<StartResult> UndoAsync(string id, UndoRequest undo, CancellationToken cancellationToken)
    {
        Undone.Add((id, undo));
        return Task.FromResult(id == Found?.Id ? Start : new StartResult(StartOutcome.NotFound, null));
    }

    public Task<FormerVersions?> FormerAsync(string id, CancellationToken cancellationToken) => Task.FromResult(id == Found?.Id ? Former : null);

    public Task<RolloutStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(id == Found?.Id ? Found : null);

    public Task<IReadOnlyList<RolloutStatus>> ListAsync(int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RolloutStatus>>(Found is null ? [] : [Found]);

    public Task<DecisionReceipt> DecideAsync(string id, Decision decision, CancellationToken cancellationToken)
    {
        Decisions.Add(decision);
        return Task.FromResult(new DecisionReceipt(id == Found?.Id ? Decision : DecisionOutcome.NotFound, Found, "shop.other.9876543210"));
    }

    public Task<IReadOnlyList<JournalRecord>?> ReadJournalAsync(string id, long after, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JournalRecord>?>(id == Found?.Id
            ? [new JournalRecord(after + 1, null, new Decision { Id = "d", Command = Command.Promote, By = "jo", At = DateTimeOffset.UnixEpoch })]
            : null);
}
