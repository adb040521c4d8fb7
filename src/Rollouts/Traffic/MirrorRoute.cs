namespace Rollouts.Traffic;

/// <summary>A named rule that sends a copy of matching requests to the canary, whose answers nobody sees.</summary>
/// <param name="Name">As in the step that set it.</param>
/// <param name="Match">Requests of any of these are copied.</param>
/// <param name="Percentage">How many of them, 0 to 100.</param>
public sealed record MirrorRoute(string Name, IReadOnlyList<RequestMatch> Match, int Percentage)
{
    /// <inheritdoc/>
    public bool Equals(MirrorRoute? other) =>
        other is not null && Name == other.Name && Percentage == other.Percentage && Match.SequenceEqual(other.Match);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Percentage, Match.Count);
}

/// <summary>What a request must be like, all of it.</summary>
/// <param name="Method">Null is any.</param>
/// <param name="Path">Null is any.</param>
/// <param name="Headers">What it must carry.</param>
public sealed record RequestMatch(TextMatch? Method, TextMatch? Path, IReadOnlyList<HeaderMatch> Headers)
{
    /// <inheritdoc/>
    public bool Equals(RequestMatch? other) =>
        other is not null && Equals(Method, other.Method) && Equals(Path, other.Path) && Headers.SequenceEqual(other.Headers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Method, Path, Headers.Count);

    /// <inheritdoc/>
    public override string ToString() => string.Join(" and ", [
        .. Method is null ? [] : new[] { $"method {Method}" },
        .. Path is null ? [] : new[] { $"path {Path}" },
        .. Headers.Select(h => h.ToString())]);
}

/// <summary>How a text is compared.</summary>
public sealed record TextMatch(HeaderMatchKind Kind, string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        HeaderMatchKind.Exact => Value,
        HeaderMatchKind.Prefix => $"{Value}…",
        _ => $"~ {Value}",
    };
}
