using Azure;
using Azure.Data.Tables;

namespace Rollouts.AzureStorage.Tables;

/// <summary>One table, made when it is first needed.</summary>
internal sealed class StorageTable(TableServiceClient service, string name, TimeProvider time)
{
    /// <summary>How long one operation may take, with all its repetitions.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TableClient client = service.GetTableClient(name);
    private volatile bool created;

    /// <summary>Runs an operation in bounded time; what goes wrong is told as a <see cref="PortException"/>.</summary>
    public async Task<T> RunAsync<T>(Func<TableClient, CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (!created)
            {
                await client.CreateIfNotExistsAsync(either.Token).ConfigureAwait(false);
                created = true;
            }

            return await operation(client, either.Token).ConfigureAwait(false);
        }
        catch (RequestFailedException failure)
        {
            throw new PortException(KindOf(failure), $"table {name}: HTTP {failure.Status} {failure.ErrorCode}", failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PortException(FailureKind.Transient, $"table {name}: no answer within {Limit.TotalSeconds:0} s");
        }
        catch (AggregateException failure)
        {
            // What the client throws when every repetition failed.
            throw new PortException(FailureKind.Transient, $"table {name}: {failure.InnerException?.Message ?? failure.Message}", failure);
        }
    }

    private static FailureKind KindOf(RequestFailedException failure) => failure.Status switch
    {
        401 or 403 => FailureKind.Forbidden,
        400 or 413 => FailureKind.Invalid,
        _ => FailureKind.Transient,
    };
}
