namespace Rollouts.Analysis.Expressions.Times;

/// <summary>Go's time.Time: an instant with nanoseconds, seen from a zone.</summary>
internal sealed record GoTime(long UnixSeconds, int Nanoseconds, GoZone Zone) : IComparable<GoTime>
{
    // Go counts from the year 1.
    private const long ZeroSeconds = -62_135_596_800;

    public static readonly GoTime Zero = new(ZeroSeconds, 0, GoZone.Utc);

    public bool IsZero => UnixSeconds == ZeroSeconds && Nanoseconds == 0;

    public long Year => Date.Year;

    public (long Year, int Month, int Day) Date => GoCalendar.DateFromDays(Days);

    public int Hour => (int)(SecondOfDay / 3600);

    public int Minute => (int)(SecondOfDay / 60 % 60);

    public int Second => (int)(SecondOfDay % 60);

    public GoWeekday Weekday => new((int)(((Days + 4) % 7 + 7) % 7));

    public int YearDay => (int)(Days - GoCalendar.DaysFromDate(Year, 1, 1)) + 1;

    public int Offset => Zone.OffsetAt(UnixSeconds);

    private long LocalSeconds => UnixSeconds + Offset;

    private long Days => GoCalendar.FloorDivide(LocalSeconds, GoCalendar.SecondsPerDay);

    private long SecondOfDay => LocalSeconds - (Days * GoCalendar.SecondsPerDay);

    public static GoTime From(DateTimeOffset time) => new(
        time.ToUnixTimeSeconds(),
        (int)(time.UtcTicks % TimeSpan.TicksPerSecond * 100),
        time.Offset == TimeSpan.Zero ? GoZone.Utc : GoZone.Fixed("", (int)time.Offset.TotalSeconds));

    /// <summary>The instant that a zone's clocks show as this; parts out of range carry over.</summary>
    public static GoTime At(
        long year, long month, long day, long hour, long minute, long second, int nanoseconds, GoZone zone)
    {
        var local = (GoCalendar.DaysFromDate(year, month, day) * GoCalendar.SecondsPerDay)
            + (hour * 3600) + (minute * 60) + second;

        // The offset is looked up as if the clocks showed UTC, and once more if that is another side of a change of clocks.
        var guess = local - zone.OffsetAt(local);
        return new GoTime(local - zone.OffsetAt(guess), nanoseconds, zone);
    }

    public GoTime Add(GoTimeSpan duration)
    {
        var nanoseconds = Nanoseconds + (duration.Nanoseconds % GoTimeSpan.Second);
        var carry = GoCalendar.FloorDivide(nanoseconds, GoTimeSpan.Second);
        return this with
        {
            UnixSeconds = UnixSeconds + (duration.Nanoseconds / GoTimeSpan.Second) + carry,
            Nanoseconds = (int)(nanoseconds - (carry * GoTimeSpan.Second)),
        };
    }

    public GoTime AddDate(long years, long months, long days)
    {
        const long most = 1_000_000_000;
        var (year, month, day) = Date;
        return At(
            year + Math.Clamp(years, -most, most),
            month + Math.Clamp(months, -most, most),
            day + Math.Clamp(days, -most, most),
            Hour,
            Minute,
            Second,
            Nanoseconds,
            Zone);
    }

    /// <summary>The time between, as much of it as a duration can hold.</summary>
    public GoTimeSpan Subtract(GoTime other)
    {
        var between = (((Int128)UnixSeconds - other.UnixSeconds) * GoTimeSpan.Second) + Nanoseconds - other.Nanoseconds;
        return new GoTimeSpan((long)Int128.Clamp(between, long.MinValue, long.MaxValue));
    }

    /// <summary>The time since Go's zero time, cut or rounded to a multiple of a unit.</summary>
    public GoTime ToMultiple(GoTimeSpan unit, bool rounds)
    {
        if (unit.Nanoseconds <= 0)
        {
            return this;
        }

        var since = (((Int128)UnixSeconds - ZeroSeconds) * GoTimeSpan.Second) + Nanoseconds;
        var rest = ((since % unit.Nanoseconds) + unit.Nanoseconds) % unit.Nanoseconds;
        var shift = rounds && rest * 2 >= unit.Nanoseconds ? unit.Nanoseconds - rest : -rest;
        return Add(new GoTimeSpan((long)shift));
    }

    /// <summary>The year and the week of ISO 8601.</summary>
    public (long Year, int Week) IsoWeek()
    {
        // A week belongs to the year that its Thursday is in.
        var thursday = Days + 3 - ((Weekday.Number + 6) % 7);
        var year = GoCalendar.DateFromDays(thursday).Year;
        return (year, (int)((thursday - GoCalendar.DaysFromDate(year, 1, 1)) / 7) + 1);
    }

    public int CompareTo(GoTime? other) => other is null ? 1
        : UnixSeconds != other.UnixSeconds ? UnixSeconds.CompareTo(other.UnixSeconds)
        : Nanoseconds.CompareTo(other.Nanoseconds);

    public override string ToString() => TimeWriter.Write(this, "2006-01-02 15:04:05.999999999 -0700 MST");
}
