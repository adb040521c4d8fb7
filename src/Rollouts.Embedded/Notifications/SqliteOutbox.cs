using Rollouts.Embedded.State;
using Rollouts.Notifications;

namespace Rollouts.Embedded.Notifications;

/// <summary>The outbox in the state file.</summary>
internal sealed class SqliteOutbox(StateFile file) : INotificationOutbox
{
    public Task<OutboxMark?> BeginAsync(string rollout, string post, DateTimeOffset now, CancellationToken cancellationToken) =>
        file.Writer.RunAsync(tables => tables.Outbox.Begin(rollout, post, now)).WaitAsync(cancellationToken);

    public Task<bool> TryTakeOverAsync(string rollout, string post, OutboxMark seen, DateTimeOffset now, CancellationToken cancellationToken) =>
        file.Writer.RunAsync(tables => tables.Outbox.TryTakeOver(rollout, post, seen.BegunAt, now)).WaitAsync(cancellationToken);

    public Task CompleteAsync(string rollout, string post, string? messageId, CancellationToken cancellationToken) =>
        file.Writer.RunAsync(tables =>
        {
            tables.Outbox.Complete(rollout, post, messageId);
            return true;
        }).WaitAsync(cancellationToken);

    public Task WithdrawAsync(string rollout, string post, CancellationToken cancellationToken) =>
        file.Writer.RunAsync(tables =>
        {
            tables.Outbox.Withdraw(rollout, post);
            return true;
        }).WaitAsync(cancellationToken);
}
