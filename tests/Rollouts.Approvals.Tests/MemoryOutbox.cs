using System.Collections.Concurrent;
using Rollouts.Notifications;

namespace Rollouts.Approvals.Tests;

/// <summary>An outbox that outlives notifiers, as the real ones outlive processes.</summary>
internal sealed class MemoryOutbox : INotificationOutbox
{
    private readonly ConcurrentDictionary<string, OutboxMark> marks = new();

    public Task<OutboxMark?> BeginAsync(string rollout, string post, DateTimeOffset now, CancellationToken cancellationToken)
    {
        OutboxMark mine = new(now, false, null);
        OutboxMark there = marks.GetOrAdd($"{rollout}/{post}", mine);
        return Task.FromResult(ReferenceEquals(there, mine) ? null : there);
    }

    public Task<bool> TryTakeOverAsync(string rollout, string post, OutboxMark seen, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult(!seen.IsPosted && marks.TryUpdate($"{rollout}/{post}", new OutboxMark(now, false, null), seen));

    public Task CompleteAsync(string rollout, string post, string? messageId, CancellationToken cancellationToken)
    {
        marks.AddOrUpdate($"{rollout}/{post}", new OutboxMark(default, true, messageId), (_, m) => m with { IsPosted = true, MessageId = messageId });
        return Task.CompletedTask;
    }

    public Task WithdrawAsync(string rollout, string post, CancellationToken cancellationToken)
    {
        marks.TryRemove($"{rollout}/{post}", out _);
        return Task.CompletedTask;
    }
}
