using System.Globalization;
using Rollouts.Policy;

namespace Rollouts.Tests.Policy;

/// <summary>Business hours and freezes by the clocks of a time zone; the changes of clocks are those of the IANA database.</summary>
public sealed class ScheduleClockTests
{
    private static readonly DayOfWeek[] Workdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    [Theory]
    [InlineData("Europe/Berlin", "2026-01-15T07:59:59Z", "2026-01-15T08:00:00Z")]
    [InlineData("Europe/Berlin", "2026-01-15T08:00:00Z", null)]
    [InlineData("Europe/Berlin", "2026-01-15T15:59:59Z", null)]
    [InlineData("Europe/Berlin", "2026-01-15T16:00:00Z", "2026-01-16T08:00:00Z")]
    [InlineData("Europe/Berlin", "2026-07-15T06:59:59Z", "2026-07-15T07:00:00Z")]
    [InlineData("Europe/Berlin", "2026-07-15T07:00:00Z", null)]
    [InlineData("Europe/Berlin", "2026-01-16T16:00:00Z", "2026-01-19T08:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-27T17:00:00Z", "2026-03-30T07:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-23T17:00:00Z", "2026-10-26T08:00:00Z")]
    [InlineData("America/New_York", "2026-01-15T13:59:59Z", "2026-01-15T14:00:00Z")]
    [InlineData("Asia/Kolkata", "2026-01-15T03:30:00Z", null)]
    [InlineData("Pacific/Auckland", "2026-01-14T20:00:00Z", null)]
    [InlineData("UTC", "2026-01-18T12:00:00Z", "2026-01-19T09:00:00Z")]
    public void Closed_BusinessHoursFromNineToFive_OpensByTheClocksOfTheZone(string zone, string now, string? opens)
    {
        var schedule = new RolloutSchedule
        {
            TimeZone = zone,
            BusinessHours = [new BusinessHours(Workdays, TimeSpan.FromHours(9), TimeSpan.FromHours(17))],
        };

        Assert.Equal(opens is null ? null : Time(opens), ScheduleClock.Closed(schedule, Time(now))?.OpensAt);
    }

    [Theory]
    [InlineData("2026-12-19T22:59:59Z", null)]
    [InlineData("2026-12-19T23:00:00Z", "2027-01-03T23:00:00Z")]
    [InlineData("2027-01-03T22:59:59Z", "2027-01-03T23:00:00Z")]
    [InlineData("2027-01-03T23:00:00Z", null)]
    public void Closed_Freeze_EndsByTheClocksOfTheZone(string now, string? opens)
    {
        var schedule = new RolloutSchedule
        {
            TimeZone = "Europe/Berlin",
            Freezes = [new FreezeWindow(new DateTime(2026, 12, 20), new DateTime(2027, 1, 4), "year's end")],
        };

        ClosedSchedule? closed = ScheduleClock.Closed(schedule, Time(now));

        Assert.Equal(opens is null ? null : Time(opens), closed?.OpensAt);
        Assert.Equal(opens is null ? null : "a freeze (year's end) until 2027-01-04 00:00 Europe/Berlin", closed?.Why);
    }

    [Theory]
    [InlineData("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("2026-10-25T00:20:00Z", "2026-10-25T00:30:00Z")]
    public void Closed_OpensAtATimeThatClocksSkipOrShowTwice_IsTheFirstSuchMoment(string now, string opens)
    {
        var schedule = new RolloutSchedule
        {
            TimeZone = "Europe/Berlin",
            BusinessHours = [new BusinessHours([DayOfWeek.Sunday], new TimeSpan(2, 30, 0), TimeSpan.FromHours(24))],
        };

        Assert.Equal(Time(opens), ScheduleClock.Closed(schedule, Time(now))!.OpensAt);
    }

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", true)]
    [InlineData("W. Europe Standard Time", false)]
    [InlineData("Europe/Nowhere", false)]
    public void IsTimeZone_NamesOfTheIanaDatabase(string name, bool expected) => Assert.Equal(expected, ScheduleClock.IsTimeZone(name));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
