using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Registry;
using Rollouts.Journal;

namespace RolloutFunctions.Engine;

/// <summary>
/// Closes and reopens what a rollout has in two tables, its journal and its registration. A retry may come at any moment of a closing: whichever of the two
/// writes last looks again, so that no rollout goes on without a registration.
/// </summary>
public sealed class RolloutClosing(RolloutRegistry registry, AzureTableJournal journal)
{
    /// <summary>Closes both if no decision comes after the last one read; answers whether they are closed now.</summary>
    public async Task<bool> TryCloseAsync(string id, long lastRead, CancellationToken cancellationToken) =>
        await journal.TryCloseAsync(id, lastRead, cancellationToken).ConfigureAwait(false)
        && await FinishAsync(id, lastRead, cancellationToken).ConfigureAwait(false);

    /// <summary>Records that nothing is left to do for a rollout whose journal was closed; answers whether it still is.</summary>
    public async Task<bool> FinishAsync(string id, long lastRead, CancellationToken cancellationToken)
    {
        await registry.FinishAsync(id, cancellationToken).ConfigureAwait(false);
        if (await journal.TryCloseAsync(id, lastRead, cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        // Whoever owns the target by now keeps it: the cluster tells the retry.
        _ = await registry.ReopenAsync(id, cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Opens both again and records the decision that asks for it.</summary>
    /// <returns>What became of the decision; the owner instead, when another rollout owns the target by now.</returns>
    public async Task<(DecisionAppend? Append, string? Owner)> ReopenAsync(string id, Decision decision, CancellationToken cancellationToken)
    {
        if (await registry.ReopenAsync(id, cancellationToken).ConfigureAwait(false) is { } owner)
        {
            return (null, owner);
        }

        DecisionAppend append = await journal.ReopenAsync(id, decision, cancellationToken).ConfigureAwait(false);
        // Once more: whoever was closing the rollout meanwhile may not have seen the decision.
        _ = await registry.ReopenAsync(id, cancellationToken).ConfigureAwait(false);
        return (append, null);
    }
}
