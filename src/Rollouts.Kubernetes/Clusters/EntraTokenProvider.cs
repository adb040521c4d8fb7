using System.Net.Http.Headers;
using Azure.Core;
using Azure.Identity;
using k8s.Authentication;

namespace Rollouts.Kubernetes.Clusters;

/// <summary>Sends the token of an Azure identity; it is kept, and renewed before it ends.</summary>
internal sealed class EntraTokenProvider(TokenCredential credential, string scope, TimeProvider time) : ITokenProvider
{
    private static readonly TimeSpan RenewalMargin = TimeSpan.FromMinutes(5);

    private readonly TokenRequestContext request = new([scope]);
    private Kept? kept;

    /// <inheritdoc/>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        Kept? known = Volatile.Read(ref kept);
        DateTimeOffset now = time.GetUtcNow();
        if (known is not null && now < known.RenewAt)
        {
            return known.Header;
        }

        try
        {
            AccessToken token = await credential.GetTokenAsync(request, cancellationToken).ConfigureAwait(false);
            Kept renewed = new(new("Bearer", token.Token), token.RefreshOn ?? (token.ExpiresOn - RenewalMargin), token.ExpiresOn);
            Volatile.Write(ref kept, renewed);
            return renewed.Header;
        }
        catch (AuthenticationFailedException) when (now < known?.ExpiresOn)
        {
            // Renewal begins early so that an identity service that is away for a while stops nothing.
            return known.Header;
        }
    }

    // A class, so that it can be swapped whole; it must never be printed.
    private sealed class Kept(AuthenticationHeaderValue header, DateTimeOffset renewAt, DateTimeOffset expiresOn)
    {
        public AuthenticationHeaderValue Header => header;

        public DateTimeOffset RenewAt => renewAt;

        public DateTimeOffset ExpiresOn => expiresOn;
    }
}
