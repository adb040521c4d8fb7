namespace Rollouts.Policy;

/// <summary>When the canary's weight may be raised. Outside of it a step under way ends, and analysis, questions and rollbacks go on.</summary>
public sealed record RolloutSchedule
{
    /// <summary>Required. An IANA time zone, for instance <c>Europe/Berlin</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Default always.</summary>
    public IReadOnlyList<BusinessHours> BusinessHours { get; init; } = [];

    /// <summary>Default never.</summary>
    public IReadOnlyList<FreezeWindow> Freezes { get; init; } = [];
}

/// <summary>Hours of some days.</summary>
/// <param name="Days">Required.</param>
/// <param name="From">Since midnight, by the clocks of the time zone.</param>
/// <param name="To">The same, after <paramref name="From"/>; 24 hours is the end of the day.</param>
public sealed record BusinessHours(IReadOnlyList<DayOfWeek> Days, TimeSpan From, TimeSpan To);

/// <summary>A span in which nothing is raised.</summary>
/// <param name="From">By the clocks of the time zone.</param>
/// <param name="To">The same: the first moment after it.</param>
/// <param name="Reason">For people. Default none.</param>
public sealed record FreezeWindow(DateTime From, DateTime To, string? Reason = null);
