using Rollouts.AzureStorage.Journal;
using Rollouts.Journal;

namespace RolloutFunctions.Watchdog;

/// <summary>What the watchdog did, in the journal of the rollout that it did it for.</summary>
public sealed class WatchdogRecord(AzureTableJournal journal, TimeProvider time)
{
    /// <summary>Who, in the journal and on the objects of a cluster.</summary>
    public const string By = "watchdog";

    /// <param name="rolloutId">Whose journal; closed ones take entries, too.</param>
    /// <param name="occasion">Below 0. What was recorded for it before stays, and nothing is added.</param>
    /// <param name="type">See <see cref="EventType"/>.</param>
    /// <param name="message">For a person.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="decisionId">The decision that it answers. Default none.</param>
    public Task WriteAsync(
        string rolloutId, int occasion, string type, string message, CancellationToken cancellationToken, string? decisionId = null) => journal.AppendAsync(
            rolloutId,
            [new JournalEntry { Number = occasion, At = time.GetUtcNow(), Type = type, Message = message, By = By, DecisionId = decisionId }],
            cancellationToken);
}
