namespace RolloutFunctions.Tests.VirtualTime;

/// <summary>
/// A clock that runs a number of times as fast as the machine's, so that hours pass in seconds. Its timers keep the machine's pace: what bounds a
/// request to storage is not to be cut short.
/// </summary>
/// <param name="rate">How many seconds pass in one.</param>
internal sealed class HastyTime(double rate) : TimeProvider
{
    private readonly DateTimeOffset begun = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Virtual(System.GetUtcNow());

    /// <summary>The time that this clock shows at a time of the machine's.</summary>
    public DateTimeOffset Virtual(DateTimeOffset real) => begun + ((real - begun) * rate);

    /// <summary>The machine's time at which this clock shows a time.</summary>
    public DateTimeOffset Real(DateTimeOffset shown) => begun + ((shown - begun) / rate);
}
