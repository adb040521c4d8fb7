using System.Net.Http.Headers;
using Azure.Core;
using Azure.Identity;
using Rollouts;

namespace RolloutFunctions.Configuration;

/// <summary>Adds a token of the app's Azure identity to queries of Azure Monitor's managed Prometheus. The credential keeps it until it is due for renewal.</summary>
internal sealed class EntraTokenHandler(TokenCredential credential) : DelegatingHandler
{
    private static readonly TokenRequestContext Scope = new(["https://prometheus.monitor.azure.com/.default"]);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            AccessToken token = await credential.GetTokenAsync(Scope, cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        }
        catch (AuthenticationFailedException refused)
        {
            throw new PortException(FailureKind.Forbidden, "no token for Azure Monitor: the app's identity could not be authenticated", refused);
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
