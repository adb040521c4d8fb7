using Rollouts.Sandbox.DemoService;

namespace Rollouts.Sandbox.Load;

/// <summary>Sends requests at a steady rate, as many users would: a slow answer does not hold the next request back.</summary>
public sealed class LoadGenerator : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly LoadOptions options;
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stopping;
    private readonly Task sending;
    private readonly Lock gate = new();
    private LoadCounts counts = new();
    private int inFlight;

    private LoadGenerator(LoadOptions options, HttpClient http, TimeProvider time)
    {
        this.options = options;
        this.http = http;
        this.time = time;
        stopping = new(options.MaxDuration, time);
        sending = SendAllAsync(stopping.Token);
    }

    public static LoadGenerator Start(LoadOptions options, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options, http, time);
    }

    /// <summary>What has been answered so far.</summary>
    public LoadCounts Snapshot()
    {
        lock (gate)
            return counts;
    }

    /// <summary>Sends nothing more and drops what is still open.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await sending;
        stopping.Dispose();
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        var open = new List<Task>();
        var started = time.GetTimestamp();
        var number = 0L;
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                for (var due = (long)(time.GetElapsedTime(started).TotalSeconds * options.RequestsPerSecond); number < due; number++)
                {
                    if (Volatile.Read(ref inFlight) >= options.MaxInFlight)
                        Count(counts => counts with { NotSent = counts.NotSent + 1 });
                    else
                        open.Add(SendAsync(number, cancellationToken));
                }

                open.RemoveAll(request => request.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task SendAsync(long number, CancellationToken cancellationToken)
    {
        var isInternal = RequestPattern.IsChosen(number, options.InternalShare);
        using var request = new HttpRequestMessage(HttpMethod.Get, options.Target);
        request.Headers.Host = options.Host;
        if (isInternal)
            request.Headers.Add(options.InternalHeader.Name, options.InternalHeader.Value);

        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Interlocked.Increment(ref inFlight);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            var version = response.Headers.TryGetValues(ServiceVersion.VersionHeader, out var values) ? values.First() : "(none)";
            Count(counts => counts.AddAnswer(response.StatusCode, version, isInternal));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            if (!cancellationToken.IsCancellationRequested)
                Count(counts => counts with { Failed = counts.Failed + 1, LastFailure = e.ToString() });
        }
        finally
        {
            Interlocked.Decrement(ref inFlight);
        }
    }

    private void Count(Func<LoadCounts, LoadCounts> change)
    {
        lock (gate)
            counts = change(counts);
    }
}
