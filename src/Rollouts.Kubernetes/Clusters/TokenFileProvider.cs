using System.Net.Http.Headers;
using k8s.Authentication;

namespace Rollouts.Kubernetes.Clusters;

/// <summary>Sends the token that a file holds now.</summary>
internal sealed class TokenFileProvider(string file) : ITokenProvider
{
    /// <inheritdoc/>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        string token = await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        return new AuthenticationHeaderValue("Bearer", token.Trim());
    }
}
