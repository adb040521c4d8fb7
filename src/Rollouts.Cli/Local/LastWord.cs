using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Manifests;
using Rollouts.Policy;

namespace Rollouts.Cli.Local;

/// <summary>Channels are told of an outcome after it stands. A process that runs one rollout stays until they are, or until the rollout gives that up.</summary>
internal static class LastWord
{
    private const int MostJournalPage = 500;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    /// <summary>Longer than a rollout tries.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    public static async Task AwaitAsync(IRolloutControl engine, string id, Release release, CancellationToken cancellationToken)
    {
        if (release.Policy.Notify is not { } notify || !notify.Events.Contains(NotifyEvent.Outcome))
        {
            return;
        }

        long since = TimeProvider.System.GetTimestamp();
        long after = 0;
        int told = 0;
        while (told < notify.Channels.Count && TimeProvider.System.GetElapsedTime(since) < Longest)
        {
            IReadOnlyList<JournalRecord> page = await engine.ReadJournalAsync(id, after, MostJournalPage, cancellationToken).ConfigureAwait(false) ?? [];
            told += page.Count(r => r.Entry is { Type: EventType.NoticePosted or EventType.NoticeGivenUp, Message: var message }
                && message.StartsWith("outcome.", StringComparison.Ordinal));
            after = page.Count == 0 ? after : page[^1].Position;
            if (page.Count < MostJournalPage)
            {
                await Task.Delay(Every, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
