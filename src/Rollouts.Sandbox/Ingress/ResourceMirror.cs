using System.Collections.Immutable;
using System.Globalization;
using k8s;
using k8s.Models;

namespace Rollouts.Sandbox.Ingress;

/// <summary>
/// Keeps a copy of all objects of one kind by listing and then watching them. A watch that ends is begun again where it
/// stopped; one that ends with an error, 410 Gone among them, is begun again with a new list.
/// </summary>
/// <param name="source">Where the objects come from.</param>
/// <param name="changed">Called after every change, on whatever thread saw it.</param>
/// <param name="time">The clock of the pause before a new attempt.</param>
public sealed class ResourceMirror<T>(ResourceSource<T> source, Action changed, TimeProvider time)
    where T : IKubernetesObject<V1ObjectMeta>
{
    private static readonly TimeSpan RewatchDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private volatile State state = new(ImmutableDictionary<string, T>.Empty, 0);

    /// <summary>The objects, and the newest resource version that they reflect; 0 until the first list.</summary>
    public (IEnumerable<T> Items, ulong Version) Current => state is var now ? (now.Items.Values, now.Version) : default;

    /// <summary>What went wrong last; null while the watch is open.</summary>
    public Exception? LastError { get; private set; }

    /// <summary>Follows the objects until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? version = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                version ??= await ListAsync(cancellationToken);
                version = await WatchAsync(version, cancellationToken);

                // A server that ends every watch at once is not asked without a breath in between.
                await Task.Delay(RewatchDelay, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was: a list shows the truth, and a server that is away for a moment comes back.
                LastError = e;
                version = null;
                await Task.Delay(RetryDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var (items, version) = await source.List(cancellationToken);
        LastError = null;
        Set(new(items.ToImmutableDictionary(Key), Number(version)));
        return version;
    }

    private async Task<string> WatchAsync(string version, CancellationToken cancellationToken)
    {
        await foreach (var (type, item) in source.Watch(version, cancellationToken))
        {
            version = item.ResourceVersion();
            var items = type switch
            {
                WatchEventType.Added or WatchEventType.Modified => state.Items.SetItem(Key(item), item),
                WatchEventType.Deleted => state.Items.Remove(Key(item)),
                _ => state.Items,
            };
            Set(new(items, Number(version)));
        }

        return version;
    }

    private void Set(State next)
    {
        state = next;
        changed();
    }

    private static string Key(T item) => $"{item.Namespace()}/{item.Name()}";

    private static ulong Number(string version) => ulong.Parse(version, CultureInfo.InvariantCulture);

    private sealed record State(ImmutableDictionary<string, T> Items, ulong Version);
}
