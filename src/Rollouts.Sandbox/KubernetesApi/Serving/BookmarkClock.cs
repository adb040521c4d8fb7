namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>When a watch is due a bookmark: every interval, and once shortly before it ends.</summary>
internal sealed class BookmarkClock
{
    private readonly TimeProvider time;
    private readonly TimeSpan interval;
    private readonly DateTimeOffset final;
    private DateTimeOffset due;

    public BookmarkClock(TimeProvider time, TimeSpan interval, TimeSpan last)
    {
        this.time = time;
        this.interval = interval;
        final = time.GetUtcNow() + last;
        due = Earlier(time.GetUtcNow() + interval, final);
    }

    /// <summary>Waits for a change or for the next bookmark.</summary>
    /// <returns>False when a bookmark is due.</returns>
    public async Task<bool> WaitAsync(Task change, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        try
        {
            await change.WaitAsync(due > now ? due - now : TimeSpan.Zero, time, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            now = time.GetUtcNow();
            due = now < final ? Earlier(now + interval, final) : DateTimeOffset.MaxValue.AddDays(-1);
            return false;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
