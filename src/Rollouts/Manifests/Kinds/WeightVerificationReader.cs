using Rollouts.Manifests.Fields;
using Rollouts.Policy;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads <c>weightVerification</c> of a RolloutPolicy.</summary>
internal static class WeightVerificationReader
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    public static WeightVerificationPolicy Read(FieldReader share)
    {
        var defaults = new WeightVerificationPolicy();
        string? canary = share.Text("canary");
        string? total = share.Text("total");
        foreach ((string given, string missing) in new[] { ("canary", "total"), ("total", "canary") })
        {
            if (share.Has(given) && !share.Has(missing))
                share.Problems.Error(share.At(missing), $"is required with {given}: one counts the canary's requests, the other all");
        }

        TimeSpan? window = share.Duration("window");
        if (window < s_shortest || window > s_longest)
            share.Problems.Error(share.At("window"), "must be from 15s to 1h");
        return new WeightVerificationPolicy
        {
            Canary = canary,
            Total = total,
            Address = share.Text("address"),
            Window = window ?? defaults.Window,
            MinimumRequests = (int)(share.Integer("minimumRequests", 10, 1_000_000) ?? defaults.MinimumRequests),
            For = share.Duration("for") ?? defaults.For,
        };
    }
}
