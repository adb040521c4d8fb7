using System.Threading.Channels;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>A running watch whose events can be taken one after another.</summary>
internal sealed class IngressWatch : IDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly Channel<(WatchEventType Type, V1Ingress Object)> events = Channel.CreateUnbounded<(WatchEventType, V1Ingress)>();
    private readonly Task pump;

    public IngressWatch(Func<CancellationToken, IAsyncEnumerable<(WatchEventType, V1Ingress)>> start) => pump = PumpAsync(start);

    public async Task<IReadOnlyList<(WatchEventType Type, V1Ingress Object)>> TakeAsync(int count, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var taken = new List<(WatchEventType, V1Ingress)>();
        while (taken.Count < count)
        {
            taken.Add(await events.Reader.ReadAsync(limit.Token));
        }

        return taken;
    }

    /// <summary>Waits until the server ends the watch.</summary>
    public Task EndedAsync(TimeSpan patience) => pump.WaitAsync(patience);

    public void Dispose()
    {
        end.Cancel();
        end.Dispose();
    }

    private async Task PumpAsync(Func<CancellationToken, IAsyncEnumerable<(WatchEventType, V1Ingress)>> start)
    {
        try
        {
            await foreach (var item in start(end.Token))
            {
                events.Writer.TryWrite(item);
            }

            events.Writer.TryComplete();
        }
        catch (Exception e)
        {
            events.Writer.TryComplete(e);
        }
    }
}
