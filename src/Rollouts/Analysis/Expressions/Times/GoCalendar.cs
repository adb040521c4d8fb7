namespace Rollouts.Analysis.Expressions.Times;

/// <summary>Go's time.Month: January is 1.</summary>
internal readonly record struct GoMonth(int Number)
{
    public override string ToString() =>
        Number is >= 1 and <= 12 ? GoCalendar.Months[Number - 1] : $"%!Month({Number})";
}

/// <summary>Go's time.Weekday: Sunday is 0.</summary>
internal readonly record struct GoWeekday(int Number)
{
    public override string ToString() => GoCalendar.Weekdays[Number];
}

/// <summary>The proleptic Gregorian calendar of years beyond .NET's; a time of day alone falls into Go's year 0.</summary>
internal static class GoCalendar
{
    public const long SecondsPerDay = 86_400;

    public static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ];

    public static readonly string[] Weekdays =
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private const long DaysPerEra = 146_097;

    /// <summary>Days since 1970-01-01. Months and days may be out of range: the 32nd of January is the 1st of February.</summary>
    public static long DaysFromDate(long year, long month, long day)
    {
        var months = (year * 12) + month - 1;
        year = FloorDivide(months, 12);
        month = months - (year * 12) + 1;

        // Years begin in March here, so that the leap day is a year's last one.
        year -= month <= 2 ? 1 : 0;
        var era = FloorDivide(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * DaysPerEra) + dayOfEra - 719_468;
    }

    public static (long Year, int Month, int Day) DateFromDays(long days)
    {
        days += 719_468;
        var era = FloorDivide(days, DaysPerEra);
        var dayOfEra = days - (era * DaysPerEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var day = (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1);
        var month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, day);
    }

    public static int DaysIn(long year, int month) =>
        (int)(DaysFromDate(year, month + 1, 1) - DaysFromDate(year, month, 1));

    public static long FloorDivide(long a, long b)
    {
        var (quotient, rest) = Math.DivRem(a, b);
        return rest < 0 ? quotient - 1 : quotient;
    }
}
