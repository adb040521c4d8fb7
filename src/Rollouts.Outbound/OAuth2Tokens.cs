using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Duende.IdentityModel.Client;
using Rollouts.Analysis;

namespace Rollouts.Outbound;

/// <summary>
/// Tokens of OAuth 2.0 client credentials. A token is kept in memory until shortly before it expires. The credentials are sent in the header first, and
/// in the body where a server takes them only there, as Go's client does it.
/// </summary>
internal sealed class OAuth2Tokens(IHttpClientFactory clients, TokenAddresses addresses, TimeProvider time)
{
    /// <summary>The HTTP client that tokens are asked with.</summary>
    public const string Client = "oauth2 tokens";

    private const int MostKept = 1000;

    private static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> kept = new(StringComparer.Ordinal);

    /// <exception cref="PortException">There is no token to be had; the message holds no secret.</exception>
    public async Task<string> GetAsync(OAuth2Client client, CancellationToken cancellationToken)
    {
        string key = KeyOf(client);
        if (kept.TryGetValue(key, out (string Token, DateTimeOffset Until) known) && time.GetUtcNow() < known.Until)
        {
            return known.Token;
        }

        Uri address = addresses.Choose(client.TokenUrl);
        TokenResponse response = await AskAsync(address, client, ClientCredentialStyle.AuthorizationHeader, cancellationToken).ConfigureAwait(false);
        if (response.IsError && response.HttpStatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized)
        {
            response = await AskAsync(address, client, ClientCredentialStyle.PostBody, cancellationToken).ConfigureAwait(false);
        }

        if (response.IsError || string.IsNullOrEmpty(response.AccessToken))
        {
            throw Fail(address, response);
        }

        if (kept.Count >= MostKept)
        {
            kept.Clear();
        }

        // Without a word on its life a token is used once.
        TimeSpan life = TimeSpan.FromSeconds(Math.Clamp(response.ExpiresIn, 0, 24 * 3600)) - Early;
        kept[key] = (response.AccessToken, time.GetUtcNow() + life);
        return response.AccessToken;
    }

    /// <summary>Forgets a token that a server has refused.</summary>
    public void Forget(OAuth2Client client) => kept.TryRemove(KeyOf(client), out _);

    private async Task<TokenResponse> AskAsync(Uri address, OAuth2Client client, ClientCredentialStyle style, CancellationToken cancellationToken)
    {
        using HttpClient http = clients.CreateClient(Client);
        using var request = new ClientCredentialsTokenRequest
        {
            Address = address.AbsoluteUri,
            ClientId = client.ClientId,
            ClientSecret = client.ClientSecret,
            ClientCredentialStyle = style,
            Scope = client.Scopes.Count == 0 ? null : string.Join(' ', client.Scopes),
        };
        return await http.RequestClientCredentialsTokenAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private static PortException Fail(Uri address, TokenResponse response)
    {
        FailureKind kind = response.ErrorType == ResponseErrorType.Exception || response.HttpStatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? FailureKind.Transient
            : FailureKind.Forbidden;
        string why = response.ErrorType switch
        {
            ResponseErrorType.Exception => "no answer",
            ResponseErrorType.Protocol => $"{(int)response.HttpStatusCode} {response.HttpStatusCode}: {SentSecrets.Clean(response.Error ?? "", null)}",
            ResponseErrorType.Http => string.Create(CultureInfo.InvariantCulture, $"{(int)response.HttpStatusCode} {response.HttpStatusCode}"),
            _ => "the answer holds no token",
        };
        return new PortException(kind, $"oauth2: cannot fetch token: {address}: {why}");
    }

    // The secret itself is not kept as a key.
    private static string KeyOf(OAuth2Client client) => Convert.ToHexString(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', [client.TokenUrl, client.ClientId, client.ClientSecret, .. client.Scopes]))));
}
