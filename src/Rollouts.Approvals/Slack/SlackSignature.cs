using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rollouts.Approvals.Slack;

/// <summary>
/// Whether Slack sent a request (docs.slack.dev, "verifying requests from Slack"): HMAC-SHA-256 of <c>v0:timestamp:body</c> over the bytes as they came.
/// It does not prove that the request is new; within the window a repetition has the same decision id.
/// </summary>
public sealed class SlackSignature(string signingSecret, TimeProvider time)
{
    /// <summary>How far the timestamp may be off, either way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly byte[] secret = Encoding.UTF8.GetBytes(signingSecret);

    /// <param name="timestamp">The header <c>X-Slack-Request-Timestamp</c>.</param>
    /// <param name="signature">The header <c>X-Slack-Signature</c>.</param>
    /// <param name="body">The body, before anything was decoded.</param>
    public bool IsGenuine(string? timestamp, string? signature, ReadOnlySpan<byte> body)
    {
        if (signature is not { Length: 67 } || !signature.StartsWith("v0=", StringComparison.Ordinal)
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || Math.Abs((time.GetUtcNow().ToUnixTimeSeconds() - (decimal)seconds)) > (decimal)Window.TotalSeconds)
        {
            return false;
        }

        Span<byte> given = stackalloc byte[32];
        if (Convert.FromHexString(signature.AsSpan(3), given, out _, out int length) != System.Buffers.OperationStatus.Done || length != given.Length)
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.UTF8.GetBytes($"v0:{timestamp}:"));
        hash.AppendData(body);
        return CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), given);
    }
}
