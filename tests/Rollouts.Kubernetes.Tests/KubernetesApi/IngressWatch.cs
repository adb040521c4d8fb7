using System.Threading.Channels;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>A running watch whose events can be taken one after another.</summary>
internal sealed class IngressWatch : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<(WatchEventType Type, V1Ingress Object)> _events = Channel.CreateUnbounded<(WatchEventType, V1Ingress)>();
    private readonly Task _pump;

    public IngressWatch(Func<CancellationToken, IAsyncEnumerable<(WatchEventType, V1Ingress)>> start) => _pump = PumpAsync(start);

    public async Task<IReadOnlyList<(WatchEventType Type, V1Ingress Object)>> TakeAsync(int count, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var events = new List<(WatchEventType, V1Ingress)>();
        while (events.Count < count)
        {
            events.Add(await _events.Reader.ReadAsync(limit.Token));
        }

        return events;
    }

    /// <summary>Waits until the server ends the watch.</summary>
    public Task EndedAsync(TimeSpan patience) => _pump.WaitAsync(patience);

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task PumpAsync(Func<CancellationToken, IAsyncEnumerable<(WatchEventType, V1Ingress)>> start)
    {
        try
        {
            await foreach (var item in start(_end.Token))
            {
                _events.Writer.TryWrite(item);
            }

            _events.Writer.TryComplete();
        }
        catch (Exception e)
        {
            _events.Writer.TryComplete(e);
        }
    }
}
