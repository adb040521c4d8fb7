using System.Text.Json.Serialization;

namespace Rollouts.Traffic;

/// <summary>Who gets the canary. Absolute and idempotent: writing the same split twice changes nothing.</summary>
/// <param name="CanaryWeight">Of the target's greatest weight, how much goes to the canary.</param>
/// <param name="HeaderRoutes">Requests that get the canary whatever the weight, in order of precedence.</param>
public sealed record TrafficSplit(int CanaryWeight, IReadOnlyList<HeaderRoute> HeaderRoutes)
{
    /// <summary>Nothing reaches the canary.</summary>
    public static TrafficSplit None { get; } = new(0, []);

    /// <summary>Requests that are copied to the canary, in order of precedence; null, the default, is none.</summary>
    public IReadOnlyList<MirrorRoute>? MirrorRoutes { get; init => field = value is { Count: 0 } ? null : value; }

    /// <inheritdoc/>
    public bool Equals(TrafficSplit? other) =>
        other is not null
        && CanaryWeight == other.CanaryWeight
        && HeaderRoutes.SequenceEqual(other.HeaderRoutes)
        && (MirrorRoutes ?? []).SequenceEqual(other.MirrorRoutes ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CanaryWeight, HeaderRoutes.Count, MirrorRoutes?.Count ?? 0);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", [
        $"weight {CanaryWeight}",
        .. HeaderRoutes.Count == 0 ? [] : new[] { $"header routes {string.Join(", ", HeaderRoutes.Select(r => r.Name))}" },
        .. MirrorRoutes is null ? [] : new[] { $"mirror routes {string.Join(", ", MirrorRoutes.Select(r => r.Name))}" }]);
}

/// <summary>A named rule that sends matching requests to the canary.</summary>
/// <param name="Name">As in the step that set it.</param>
/// <param name="Match">What a request must carry, all of it unless <paramref name="AnyMatch"/>.</param>
/// <param name="AnyMatch">Whether one of the matches is enough, as Argo has it on Istio. Default false, as Argo's Gateway API plugin has it.</param>
public sealed record HeaderRoute(string Name, IReadOnlyList<HeaderMatch> Match, bool AnyMatch = false)
{
    /// <inheritdoc/>
    public bool Equals(HeaderRoute? other) =>
        other is not null && Name == other.Name && AnyMatch == other.AnyMatch && Match.SequenceEqual(other.Match);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Match.Count);
}

/// <summary>One header that a request must carry.</summary>
/// <param name="HeaderName">Compared without regard to case.</param>
/// <param name="Kind">How the value is compared.</param>
/// <param name="Value">The value, its beginning, or a regular expression over all of it.</param>
public sealed record HeaderMatch(string HeaderName, HeaderMatchKind Kind, string Value)
{
    /// <inheritdoc/>
    public bool Equals(HeaderMatch? other) =>
        other is not null
        && Kind == other.Kind
        && Value == other.Value
        && string.Equals(HeaderName, other.HeaderName, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(HeaderName), Kind, Value);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        HeaderMatchKind.Exact => $"{HeaderName}: {Value}",
        HeaderMatchKind.Prefix => $"{HeaderName}: {Value}…",
        _ => $"{HeaderName} ~ {Value}",
    };
}

/// <summary>How a header's value is compared.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HeaderMatchKind>))]
public enum HeaderMatchKind
{
    /// <summary>The whole value, case-sensitive.</summary>
    Exact,

    /// <summary>The value begins so.</summary>
    Prefix,

    /// <summary>The whole value matches the expression.</summary>
    Regex,
}
