using System.Collections.Frozen;
using Rollouts.Analysis;

namespace Rollouts.Outbound;

/// <summary>Puts the headers that a template asks for on a request.</summary>
internal static class QueryHeaders
{
    private static readonly FrozenSet<string> Credentials = Set("Authorization", "Proxy-Authorization", "Cookie");

    private static readonly FrozenSet<string> OfTheConnection = Set(
        "Host", "Connection", "Content-Length", "Content-Encoding", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Keep-Alive", "Proxy-Connection");

    /// <exception cref="PortException">A header can't be sent.</exception>
    public static void Add(HttpRequestMessage request, IReadOnlyList<QueryHeader> headers, string settings, bool mayHaveContentType)
    {
        foreach (QueryHeader header in headers)
        {
            bool isContentType = header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase);
            if (OfTheConnection.Contains(header.Key) || (isContentType && !mayHaveContentType) || (Credentials.Contains(header.Key) && !header.IsSecret))
            {
                throw new PortException(
                    FailureKind.Invalid,
                    $"header '{header.Key}' is not for a metric to set: credentials come from a Secret, or belong to the operator's {settings}");
            }

            bool isSent = !header.Value.Any(char.IsControl) && (isContentType
                ? request.Content is null || Replace(request.Content.Headers, header)
                : Replace(request.Headers, header));
            if (!isSent)
            {
                throw new PortException(FailureKind.Invalid, $"header '{AddressForm.Show(header.Key)}' can't be sent: its name or value is not HTTP");
            }
        }
    }

    private static bool Replace(System.Net.Http.Headers.HttpHeaders headers, QueryHeader header)
    {
        try
        {
            headers.Remove(header.Key);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }

        return headers.TryAddWithoutValidation(header.Key, header.Value);
    }

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
