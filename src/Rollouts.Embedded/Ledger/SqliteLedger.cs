using Rollouts.Embedded.State;
using Rollouts.Ledger;

namespace Rollouts.Embedded.Ledger;

/// <summary>The ledger in the state file.</summary>
internal sealed class SqliteLedger(StateFile file) : IRolloutLedger
{
    public Task RecordAsync(LedgerRow row, CancellationToken cancellationToken) =>
        file.Writer.RunAsync(tables =>
        {
            tables.Ledger.Record(row);
            return true;
        }).WaitAsync(cancellationToken);

    public Task<LedgerEntry?> JudgeAsync(string rolloutId, Judgement judgement, CancellationToken cancellationToken) =>
        file.Writer.RunAsync(tables =>
        {
            tables.Ledger.Judge(rolloutId, judgement);
            return tables.Ledger.Find(rolloutId);
        }).WaitAsync(cancellationToken);

    public Task<LedgerEntry?> FindAsync(string rolloutId, CancellationToken cancellationToken) =>
        Task.FromResult(file.Read(tables => tables.Ledger.Find(rolloutId)));

    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult(file.Read(tables => tables.Ledger.Read(since)));
}
