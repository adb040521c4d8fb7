using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Http.Tests;

/// <summary>A ledger in memory.</summary>
internal sealed class FakeLedger : IRolloutLedger
{
    public List<LedgerEntry> Entries { get; } = [];

    public static LedgerRow Row(string id, RolloutOutcome outcome, string service = "shop/checkout", int attempt = 1) => new()
    {
        RolloutId = id,
        Attempt = attempt,
        Service = service,
        Outcome = outcome,
        StartedAt = TimeProvider.System.GetUtcNow().AddHours(-2),
        FinishedAt = TimeProvider.System.GetUtcNow().AddHours(-1),
        Message = "Metric \"error-rate\" assessed Failed due to failed (3) > failureLimit (2)",
        Templates = ["error-rate", "p99-latency"],
        FailedTemplates = outcome == RolloutOutcome.RolledBack ? ["error-rate"] : [],
        Decisions = 2,
        AnswersTook = [95, 700],
    };

    public void Add(LedgerRow row, Judgement? judgement = null) => Entries.Add(new LedgerEntry(row, judgement));

    public Task RecordAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        Add(row);
        return Task.CompletedTask;
    }

    public Task<LedgerEntry?> JudgeAsync(string rolloutId, Judgement judgement, CancellationToken cancellationToken)
    {
        int index = Entries.FindLastIndex(e => e.Row.RolloutId == rolloutId);
        if (index < 0)
        {
            return Task.FromResult<LedgerEntry?>(null);
        }

        Entries[index] = Entries[index] with { Judgement = judgement };
        return Task.FromResult<LedgerEntry?>(Entries[index]);
    }

    public Task<LedgerEntry?> FindAsync(string rolloutId, CancellationToken cancellationToken) =>
        Task.FromResult(Entries.FindLast(e => e.Row.RolloutId == rolloutId));

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>([.. Entries.Where(e => e.Row.FinishedAt >= since)]);
}
