using System.Globalization;
using Rollouts.Manifests.Fields;
using Rollouts.Policy;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads when the weight may be raised.</summary>
internal static class ScheduleReader
{
    private const string TimeForm = "\"HH:MM\", from \"00:00\" to \"24:00\"";

    private const string DateForm = "\"YYYY-MM-DD\" or \"YYYY-MM-DD HH:MM\"";

    private static readonly (string Name, DayOfWeek Day)[] Days =
    [
        ("Mon", DayOfWeek.Monday), ("Tue", DayOfWeek.Tuesday), ("Wed", DayOfWeek.Wednesday), ("Thu", DayOfWeek.Thursday),
        ("Fri", DayOfWeek.Friday), ("Sat", DayOfWeek.Saturday), ("Sun", DayOfWeek.Sunday),
    ];

    public static RolloutSchedule? Read(FieldReader spec)
    {
        if (spec.Object("schedule", PolicyFields.Schedule) is not { } schedule)
            return null;
        string? zone = schedule.Require("timeZone", "an IANA time zone, such as Europe/Berlin") ? schedule.Text("timeZone") : null;
        if (zone is not null && !ScheduleClock.IsTimeZone(zone))
            schedule.Problems.Error(schedule.At("timeZone"), $"{Shown.Text(zone)} is no IANA time zone; write one such as Europe/Berlin, America/New_York or UTC");
        BusinessHours[] hours = [.. schedule.Objects("businessHours", PolicyFields.Hours).Select(ReadHours).OfType<BusinessHours>()];
        FreezeWindow[] freezes = [.. schedule.Objects("freezes", PolicyFields.Freeze).Select(ReadFreeze).OfType<FreezeWindow>()];
        return new RolloutSchedule { TimeZone = zone ?? "UTC", BusinessHours = hours, Freezes = freezes };
    }

    private static BusinessHours? ReadHours(FieldReader reader)
    {
        var days = new List<DayOfWeek>();
        foreach (Element item in reader.Require("days", "of Mon to Sun") ? reader.List("days") : [])
        {
            if (item.AsText(reader.Problems) is not { } text)
                continue;
            int day = Array.FindIndex(Days, d => d.Name == text);
            if (day < 0)
                reader.Problems.Error(item.Place, $"must be Mon, Tue, Wed, Thu, Fri, Sat or Sun; found {item.Node.Description}");
            else
                days.Add(Days[day].Day);
        }

        TimeSpan? from = ReadTime(reader, "from");
        TimeSpan? to = ReadTime(reader, "to");
        if (from >= to)
            reader.Problems.Error(reader.At("to"), "must be after from; hours over midnight are two items");
        return from is null || to is null || days.Count == 0 ? null : new BusinessHours(days, from.Value, to.Value);
    }

    private static FreezeWindow? ReadFreeze(FieldReader reader)
    {
        DateTime? from = ReadDate(reader, "from");
        DateTime? to = ReadDate(reader, "to");
        if (from >= to)
            reader.Problems.Error(reader.At("to"), "must be after from");
        return from is null || to is null ? null : new FreezeWindow(from.Value, to.Value, reader.Text("reason"));
    }

    private static TimeSpan? ReadTime(FieldReader reader, string field)
    {
        if (!reader.Require(field, TimeForm) || reader.Text(field) is not { } text)
            return null;
        if (text == "24:00")
            return TimeSpan.FromDays(1);
        if (TimeSpan.TryParseExact(text, @"hh\:mm", CultureInfo.InvariantCulture, out TimeSpan time))
            return time;
        reader.Problems.Error(reader.At(field), $"must be {TimeForm}; found the text {Shown.Text(text)}");
        return null;
    }

    private static DateTime? ReadDate(FieldReader reader, string field)
    {
        if (!reader.Require(field, DateForm) || reader.Text(field) is not { } text)
            return null;
        if (DateTime.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date))
            return date;
        reader.Problems.Error(reader.At(field), $"must be {DateForm}; found the text {Shown.Text(text)}");
        return null;
    }
}
