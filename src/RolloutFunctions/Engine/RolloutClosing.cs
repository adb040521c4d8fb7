using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Registry;

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
}
