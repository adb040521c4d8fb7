using System.Threading.Channels;

namespace Rollouts.Embedded.Turns;

/// <summary>The one timer of the engine: rings when the earliest rollout is due.</summary>
internal sealed class DueClock : IDisposable
{
    /// <summary>No sleep is longer, so that a system clock that was set is noticed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly TimeProvider time;
    private readonly Channel<bool> rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer timer;
    private DateTimeOffset set = DateTimeOffset.MinValue;

    public DueClock(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(_ => rings.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets the clock to the earliest time that anything is due; null when nothing is. Only on the writer's thread, as <see cref="Consider"/>.</summary>
    public void Set(DateTimeOffset? due)
    {
        DateTimeOffset now = time.GetUtcNow();
        set = due ?? DateTimeOffset.MaxValue;
        TimeSpan delay = set - now;
        timer.Change(delay <= TimeSpan.Zero ? TimeSpan.Zero : delay < Longest ? RoundUp(delay) : Longest, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something has become due at this time.</summary>
    public void Consider(DateTimeOffset due)
    {
        if (due < set)
        {
            Set(due);
        }
    }

    /// <summary>Waits for the clock to ring.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => rings.Reader.ReadAsync(cancellationToken);

    public void Dispose() => timer.Dispose();

    // Timers count whole milliseconds and would ring just too early.
    private static TimeSpan RoundUp(TimeSpan delay) => TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));
}
