using System.Net;

namespace Rollouts.Prometheus;

/// <summary>Says what went wrong, for a person.</summary>
internal static class PrometheusFailures
{
    /// <summary>The kind of failure behind a status and, where there is one, Prometheus' own type of error.</summary>
    public static FailureKind KindOf(HttpStatusCode status, string? errorType) => (status, errorType) switch
    {
        (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => FailureKind.Forbidden,
        (_, "timeout" or "canceled" or "internal" or "unavailable") => FailureKind.Transient,
        (_, "bad_data") => FailureKind.Invalid,
        (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError, _) => FailureKind.Transient,
        _ => FailureKind.Invalid,
    };

    /// <summary>What there is to know of an answer that is no success.</summary>
    public static string Describe(HttpStatusCode status, string? errorType, string? error, Uri? redirect) => status switch
    {
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
            $"answered with a redirect (HTTP {(int)status}{(redirect is { IsAbsoluteUri: true } ? $" to {redirect.GetLeftPart(UriPartial.Authority)}" : "")}), "
            + "which is not followed; list the address that it leads to",
        _ when errorType is not null || error is not null => $"{errorType ?? $"HTTP {(int)status}"}: {error ?? "no further word"}",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"HTTP {(int)status}: check the credentials set for it in Prometheus:Addresses",
        HttpStatusCode.NotFound => "HTTP 404: there is no Prometheus API at this path",
        _ => $"HTTP {(int)status}",
    };
}
