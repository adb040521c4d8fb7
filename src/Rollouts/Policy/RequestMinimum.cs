using System.Globalization;
using Rollouts.Analysis;

namespace Rollouts.Policy;

/// <summary>How many requests the canary must have had. A query that finds none counts as 0; of several values the sum counts.</summary>
public sealed record RequestMinimum
{
    /// <summary>Required. PromQL that counts them, for instance an <c>increase</c>; arguments of the analysis may stand in it.</summary>
    public required PrometheusQuery Query { get; init; }

    /// <summary>Required, above 0.</summary>
    public double Count { get; init; }

    /// <summary>What is missing; null when so many requests are enough.</summary>
    internal string? Missing(double counted) => counted >= Count
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"too few requests ({counted:0.##} of at least {Count:0.##})");
}
