using Azure;
using Azure.Data.Tables;

namespace Rollouts.AzureStorage.Tables;

/// <summary>
/// Writes a partition all or nothing on the condition that it is as it was read, and begins again when somebody else was faster. Writers of this process
/// queue up, so that only those of other processes are ever in each other's way.
/// </summary>
internal sealed class OptimisticWriter(StorageTable table, TimeProvider time)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim[] queues = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <param name="partition">The partition.</param>
    /// <param name="plan">Reads, and says what to write and what then to answer; called again after a conflict.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> WriteAsync<T>(
        string partition, Func<TableClient, CancellationToken, Task<WritePlan<T>>> plan, CancellationToken cancellationToken)
    {
        SemaphoreSlim queue = queues[(uint)string.GetHashCode(partition, StringComparison.Ordinal) % (uint)queues.Length];
        return await table.RunAsync(
            async (client, limit) =>
            {
                await queue.WaitAsync(limit).ConfigureAwait(false);
                try
                {
                    return await WriteAsync(client, plan, limit).ConfigureAwait(false);
                }
                finally
                {
                    queue.Release();
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> WriteAsync<T>(
        TableClient client, Func<TableClient, CancellationToken, Task<WritePlan<T>>> plan, CancellationToken limit)
    {
        for (int attempt = 1; ; attempt++)
        {
            WritePlan<T> planned = await plan(client, limit).ConfigureAwait(false);
            if (planned.Writes.Count == 0)
            {
                return planned.Answer;
            }

            try
            {
                await client.SubmitTransactionAsync(planned.Writes, limit).ConfigureAwait(false);
                return planned.Answer;
            }
            catch (RequestFailedException conflict) when (conflict.Status is 409 or 412 or 404)
            {
                double longest = Math.Min(FirstRest.TotalMilliseconds * Math.Pow(2, attempt), LongestRest.TotalMilliseconds);
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * longest), time, limit).ConfigureAwait(false);
            }
        }
    }
}

/// <summary>What to write, all or nothing, and what to answer once it stands.</summary>
/// <param name="Writes">At most 100; none when there is nothing to write.</param>
/// <param name="Answer">The answer.</param>
internal sealed record WritePlan<T>(IReadOnlyList<TableTransactionAction> Writes, T Answer);
