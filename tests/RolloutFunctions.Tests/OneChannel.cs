using Rollouts.AzureStorage.Notifications;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Notifications;

namespace RolloutFunctions.Tests;

/// <summary>A channel that remembers in the app's outbox what it has posted, as chat's do.</summary>
internal sealed class OneChannel(AzuriteServer azurite) : INotifier
{
    private readonly AzureTableOutbox outbox = new(azurite.Tables, TimeProvider.System, $"O{Guid.NewGuid():N}");
    private int posted;

    public int Posted => posted;

    public async Task<NoticeReceipt> PostAsync(NoticePost post, CancellationToken cancellationToken)
    {
        string key = $"{post.Channel}.{post.Key}.{post.Version}";
        OutboxMark? before = await outbox.BeginAsync(post.Rollout, key, TimeProvider.System.GetUtcNow(), cancellationToken);
        if (before is null)
        {
            Interlocked.Increment(ref posted);
            await outbox.CompleteAsync(post.Rollout, key, "m1", cancellationToken);
        }

        return new NoticeReceipt(before?.MessageId ?? "m1");
    }
}
