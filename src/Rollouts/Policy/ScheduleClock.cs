using NodaTime;

namespace Rollouts.Policy;

/// <summary>
/// Tells whether a schedule is open. Pure: the rules of the time zones are part of this build (the IANA database that comes with NodaTime), so that every
/// host finds the same.
/// </summary>
internal static class ScheduleClock
{
    private const int DaysAhead = 8;

    /// <summary>Whether there is a time zone of this name.</summary>
    public static bool IsTimeZone(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is not null;

    /// <summary>Why a schedule is closed at a time; null when it is open.</summary>
    public static ClosedSchedule? Closed(RolloutSchedule schedule, DateTimeOffset now)
    {
        DateTimeZone zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(schedule.TimeZone) ?? DateTimeZone.Utc;
        LocalDateTime local = Instant.FromDateTimeOffset(now).InZone(zone).LocalDateTime;
        foreach (FreezeWindow freeze in schedule.Freezes)
        {
            LocalDateTime end = LocalDateTime.FromDateTime(freeze.To);
            if (local >= LocalDateTime.FromDateTime(freeze.From) && local < end)
            {
                return new ClosedSchedule($"a freeze{(freeze.Reason is { } why ? $" ({why})" : "")} until {Shown(end)} {schedule.TimeZone}", At(end, zone));
            }
        }

        if (schedule.BusinessHours.Count == 0 || schedule.BusinessHours.Any(h => IsWithin(h, local)))
        {
            return null;
        }

        LocalDateTime opens = schedule.BusinessHours
            .SelectMany(h => Enumerable.Range(0, DaysAhead).Select(d => local.Date.PlusDays(d)).Where(d => h.Days.Contains(DayOf(d)))
                .Select(d => d.AtMidnight().PlusTicks(h.From.Ticks)))
            .Where(start => start > local)
            .Min();
        return new ClosedSchedule($"outside of business hours until {Shown(opens)} {schedule.TimeZone}", At(opens, zone));
    }

    private static bool IsWithin(BusinessHours hours, LocalDateTime local)
    {
        TimeSpan time = TimeSpan.FromTicks(local.TimeOfDay.TickOfDay);
        return hours.Days.Contains(DayOf(local.Date)) && time >= hours.From && time < hours.To;
    }

    // ISO counts from Monday as 1 to Sunday as 7.
    private static DayOfWeek DayOf(LocalDate date) => (DayOfWeek)((int)date.DayOfWeek % 7);

    // A time that clocks skip is the first one after the gap; of one that they show twice the first counts.
    private static DateTimeOffset At(LocalDateTime local, DateTimeZone zone) => zone.AtLeniently(local).ToDateTimeOffset().ToUniversalTime();

    private static string Shown(LocalDateTime local) => local.ToString("uuuu-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A schedule that is closed.</summary>
/// <param name="Why">For a person, after "the weight is not raised: ".</param>
/// <param name="OpensAt">When to look again; it may be closed then for another reason.</param>
internal sealed record ClosedSchedule(string Why, DateTimeOffset OpensAt);
