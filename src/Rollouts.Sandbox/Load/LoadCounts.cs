using System.Collections.Immutable;
using System.Net;

namespace Rollouts.Sandbox.Load;

/// <summary>What the clients saw since the load generator started.</summary>
public sealed record LoadCounts
{
    /// <summary>Requests answered, by status.</summary>
    public ImmutableDictionary<HttpStatusCode, long> ByStatus { get; init; } = ImmutableDictionary<HttpStatusCode, long>.Empty;

    /// <summary>Requests without the internal header, by the version that answered.</summary>
    public ImmutableDictionary<string, long> ByVersion { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>Requests with the internal header, by the version that answered.</summary>
    public ImmutableDictionary<string, long> InternalByVersion { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>Requests that ended without an answer: refused, cut off or out of time.</summary>
    public long Failed { get; init; }

    /// <summary>Why the last of the <see cref="Failed"/> requests failed; null without any.</summary>
    public string? LastFailure { get; init; }

    /// <summary>Requests that were due while too many others were open.</summary>
    public long NotSent { get; init; }

    public long Answered => ByStatus.Values.Sum();

    internal LoadCounts AddAnswer(HttpStatusCode status, string version, bool isInternal) => this with
    {
        ByStatus = Increment(ByStatus, status),
        ByVersion = isInternal ? ByVersion : Increment(ByVersion, version),
        InternalByVersion = isInternal ? Increment(InternalByVersion, version) : InternalByVersion,
    };

    private static ImmutableDictionary<TKey, long> Increment<TKey>(ImmutableDictionary<TKey, long> counts, TKey key)
        where TKey : notnull =>
        counts.SetItem(key, counts.GetValueOrDefault(key) + 1);
}
