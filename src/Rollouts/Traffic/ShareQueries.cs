using System.Text.RegularExpressions;
using Rollouts.Analysis;
using Rollouts.Policy;

namespace Rollouts.Traffic;

/// <summary>The queries that count the canary's requests and all requests of a target.</summary>
public static class ShareQueries
{
    private const int TimeoutSeconds = 12;

    /// <summary>The policy's own, else those for the metrics of ingress-nginx, which name the stable ingress for both versions and mark the canary's requests.</summary>
    public static (PrometheusQuery Canary, PrometheusQuery Total) Of(WeightVerificationPolicy verification, TrafficTarget target)
    {
        string ingresses = string.Join('|', (target.Nginx?.StableIngresses ?? []).Select(Regex.Escape)).Replace("\\", "\\\\", StringComparison.Ordinal);
        string of = $"namespace=\"{target.Namespace}\",ingress=~\"{ingresses}\"";
        string window = $"{verification.Window.TotalSeconds:0}s";
        return (
            Query(verification, verification.Canary ?? $"sum(increase(nginx_ingress_controller_requests{{{of},canary!=\"\"}}[{window}])) or vector(0)"),
            Query(verification, verification.Total ?? $"sum(increase(nginx_ingress_controller_requests{{{of}}}[{window}])) or vector(0)"));
    }

    private static PrometheusQuery Query(WeightVerificationPolicy verification, string query) =>
        new() { Address = verification.Address, Query = query, TimeoutSeconds = TimeoutSeconds };
}
