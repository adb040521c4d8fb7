using Microsoft.Extensions.Caching.Memory;
using Rollouts.Engine;
using Rollouts.Journal;

namespace Rollouts.Http.Dashboard;

/// <summary>
/// Whole journals, for pages that draw them again and again. What has been read is kept, because records never change; only what came since is asked for.
/// One for all requests.
/// </summary>
public sealed class JournalHistory : IDisposable
{
    private const int PageLength = 500;
    private const int MostRecords = 10_000;
    private const int MostRecordsOfAll = 100_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private readonly MemoryCache read = new(new MemoryCacheOptions { SizeLimit = MostRecordsOfAll });

    /// <summary>Oldest first, of very long journals the last 10,000; null when there is no such rollout.</summary>
    public async Task<IReadOnlyList<JournalRecord>?> ReadAsync(IRolloutControl engine, string id, CancellationToken cancellationToken)
    {
        IReadOnlyList<JournalRecord> known = read.TryGetValue(id, out IReadOnlyList<JournalRecord>? kept) ? kept! : [];
        List<JournalRecord> records = [.. known];
        while (true)
        {
            long after = records.Count == 0 ? 0 : records[^1].Position;
            if (await engine.ReadJournalAsync(id, after, PageLength, cancellationToken).ConfigureAwait(false) is not { } page)
            {
                return null;
            }

            records.AddRange(page);
            if (page.Count < PageLength)
            {
                break;
            }
        }

        if (records.Count == known.Count)
        {
            return known;
        }

        IReadOnlyList<JournalRecord> all = [.. records.TakeLast(MostRecords)];
        read.Set(id, all, new MemoryCacheEntryOptions { Size = all.Count, SlidingExpiration = KeptFor });
        return all;
    }

    /// <inheritdoc/>
    public void Dispose() => read.Dispose();
}
