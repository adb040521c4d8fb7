using System.Security.Cryptography;

namespace Rollouts.Approvals.Teams;

/// <summary>
/// Whether Teams sent a message to an outgoing webhook: <c>Authorization: HMAC</c> and the base64 of HMAC-SHA-256 over the body. There is no timestamp, so
/// whoever has seen a message can send it again: nothing is decided over it.
/// </summary>
public sealed class OutgoingSignature(string token)
{
    private const string Scheme = "HMAC ";
    private readonly byte[] secret = Convert.FromBase64String(token);

    /// <param name="authorization">The header.</param>
    /// <param name="body">The body as it came.</param>
    public bool IsGenuine(string? authorization, ReadOnlySpan<byte> body)
    {
        Span<byte> given = stackalloc byte[32];
        return authorization is { Length: <= 60 } && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && Convert.TryFromBase64String(authorization[Scheme.Length..].Trim(), given, out int length) && length == given.Length
            && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, body), given);
    }
}
