namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>When a watch is due a bookmark: every interval, and once shortly before it ends.</summary>
internal sealed class BookmarkClock
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly DateTimeOffset _last;
    private DateTimeOffset _next;

    public BookmarkClock(TimeProvider time, TimeSpan interval, TimeSpan last)
    {
        _time = time;
        _interval = interval;
        _last = time.GetUtcNow() + last;
        _next = Earlier(time.GetUtcNow() + interval, _last);
    }

    /// <summary>Waits for a change or for the next bookmark.</summary>
    /// <returns>False when a bookmark is due.</returns>
    public async Task<bool> WaitAsync(Task change, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        try
        {
            await change.WaitAsync(_next > now ? _next - now : TimeSpan.Zero, _time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            now = _time.GetUtcNow();
            _next = now < _last ? Earlier(now + _interval, _last) : DateTimeOffset.MaxValue.AddDays(-1);
            return false;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
