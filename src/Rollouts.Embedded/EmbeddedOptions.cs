using System.ComponentModel.DataAnnotations;

namespace Rollouts.Embedded;

/// <summary>Settings of the one-process engine.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>
    /// Required. The state file, created when it is not there; its folder has to exist. SQLite keeps <c>-wal</c> and <c>-shm</c> beside it and the
    /// engine a <c>.lock</c>. It has to lie on a local disk: neither SQLite's log nor the lock works over a network file system.
    /// </summary>
    [Required(AllowEmptyStrings = false)]
    public required string Path { get; init; }

    /// <summary>How many measurements run at once; more wait for one to end. Default 256.</summary>
    [Range(1, 10_000)]
    public int MostMeasurementsAtOnce { get; init; } = 256;

    /// <summary>
    /// How many effects on clusters run at once. They have slots of their own, so that a metric store that hangs never keeps an abort waiting.
    /// Default 64.
    /// </summary>
    [Range(1, 10_000)]
    public int MostChangesAtOnce { get; init; } = 64;

    /// <summary>
    /// How long effects on clusters may go on once the engine is told to stop; then they are broken off, and repeated by the next start. Measurements
    /// are broken off at once. Default 10 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);
}
