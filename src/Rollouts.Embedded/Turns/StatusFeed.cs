using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Rollouts.Embedded.State;

namespace Rollouts.Embedded.Turns;

/// <summary>Tells those who watch a rollout of its generations. A slow watcher misses those in between, never the last.</summary>
internal sealed class StatusFeed
{
    private readonly Lock gate = new();
    private ImmutableDictionary<string, ImmutableList<Channel<Generation>>> watchers =
        ImmutableDictionary<string, ImmutableList<Channel<Generation>>>.Empty;

    public void Publish(Generation generation)
    {
        if (watchers.TryGetValue(generation.Rollout.Id, out ImmutableList<Channel<Generation>>? channels))
        {
            foreach (Channel<Generation> channel in channels)
            {
                channel.Writer.TryWrite(generation);
            }
        }
    }

    /// <summary>The generation as it is now and every later one; ends at once when there is none.</summary>
    public async IAsyncEnumerable<Generation> WatchAsync(
        string id, Func<Generation?> find, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<Generation>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            watchers = watchers.SetItem(id, watchers.GetValueOrDefault(id, []).Add(channel));
        }

        try
        {
            if (find() is not { } now)
            {
                yield break;
            }

            yield return now;
            long seen = now.Number;
            await foreach (Generation next in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (next.Number > seen)
                {
                    seen = next.Number;
                    yield return next;
                }
            }
        }
        finally
        {
            lock (gate)
            {
                ImmutableList<Channel<Generation>> left = watchers[id].Remove(channel);
                watchers = left.IsEmpty ? watchers.Remove(id) : watchers.SetItem(id, left);
            }
        }
    }
}
