using System.Net;
using System.Text;

namespace Rollouts.Prometheus;

/// <summary>Says what went wrong, for a person: short, printable, without the credentials that the query was sent with.</summary>
internal static class PrometheusFailures
{
    private const int LongestText = 300;

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

    /// <summary>A server's text made fit to show.</summary>
    public static string Clean(string text, HttpRequestMessage? sent)
    {
        foreach (string secret in SecretsOf(sent))
        {
            text = text.Replace(secret, "*****", StringComparison.Ordinal);
        }

        string printable = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return printable.Length <= LongestText ? printable : string.Concat(printable.AsSpan(0, LongestText - 1), "…");
    }

    // Whatever handler added them: a server, or a proxy before it, may repeat what it was sent.
    private static IEnumerable<string> SecretsOf(HttpRequestMessage? sent)
    {
        if (sent?.Headers.Authorization is not { Parameter: { Length: > 0 } parameter } authorization)
        {
            yield break;
        }

        yield return parameter;
        byte[] bytes = new byte[parameter.Length];
        if (authorization.Scheme == "Basic" && Convert.TryFromBase64String(parameter, bytes, out int length))
        {
            string pair = Encoding.UTF8.GetString(bytes, 0, length);
            if (pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..] is { Length: > 0 } password)
            {
                yield return password;
            }
        }
    }
}
