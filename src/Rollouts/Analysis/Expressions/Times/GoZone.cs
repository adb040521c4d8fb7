using System.Globalization;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Times;

/// <summary>Go's time.Location: a fixed offset, or a zone of the system's time zone database.</summary>
internal sealed class GoZone : IEquatable<GoZone>
{
    public static readonly GoZone Utc = new("UTC", 0, null);

    private readonly int fixedOffset;
    private readonly TimeZoneInfo? zone;

    private GoZone(string name, int fixedOffset, TimeZoneInfo? zone)
    {
        Name = name;
        this.fixedOffset = fixedOffset;
        this.zone = zone;
    }

    public string Name { get; }

    public static GoZone Fixed(string name, int offsetSeconds) => new(name, offsetSeconds, null);

    /// <summary>Finds a zone by its name in the IANA database.</summary>
    public static GoZone Load(string name)
    {
        if (name is "" or "UTC" or "Local")
        {
            return Utc;
        }

        var isSafe = !name.Contains("..", StringComparison.Ordinal) && name[0] is not ('/' or '\\') && !name.Contains('\0');
        return isSafe && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? new GoZone(name, 0, zone)
            : throw new EvaluationFailure($"unknown time zone {name}");
    }

    /// <summary>Seconds east of Greenwich at an instant.</summary>
    public int OffsetAt(long unixSeconds)
    {
        if (zone is null)
        {
            return fixedOffset;
        }

        var within = Math.Clamp(
            unixSeconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        return (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(within)).TotalSeconds;
    }

    /// <summary>The zone's short name at an instant; where none is known, the offset in digits, as Go writes it.</summary>
    public string AbbreviationAt(long unixSeconds)
    {
        if (zone is null && Name.Length > 0)
        {
            return Name;
        }

        var offset = OffsetAt(unixSeconds);
        var (hours, minutes) = (Math.Abs(offset) / 3600, Math.Abs(offset) / 60 % 60);
        return string.Create(
            CultureInfo.InvariantCulture, $"{(offset < 0 ? '-' : '+')}{hours:00}{minutes:00}");
    }

    public bool Equals(GoZone? other) =>
        other is not null && Name == other.Name && fixedOffset == other.fixedOffset && (zone is null) == (other.zone is null);

    public override bool Equals(object? obj) => Equals(obj as GoZone);

    public override int GetHashCode() => HashCode.Combine(Name, fixedOffset);

    public override string ToString() => Name;
}
