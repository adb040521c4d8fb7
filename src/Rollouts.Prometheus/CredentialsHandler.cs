using System.Net.Http.Headers;
using System.Text;

namespace Rollouts.Prometheus;

/// <summary>Adds the operator's credentials to a query.</summary>
internal sealed class CredentialsHandler(PrometheusAddress address) : DelegatingHandler
{
    private const int LongestSecret = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (address.BasicAuth is { } basic)
        {
            string password = basic.Password ?? await ReadAsync(basic.PasswordFile!, cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.Username}:{password}")));
        }
        else if (address.BearerToken is not null || address.BearerTokenFile is not null)
        {
            string token = address.BearerToken ?? await ReadAsync(address.BearerTokenFile!, cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = token.Length > 0 && token.All(c => c is > ' ' and <= '~')
                ? new AuthenticationHeaderValue("Bearer", token)
                : throw new PortException(FailureKind.Forbidden, $"the bearer token for {address} is empty or holds characters that no token has");
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    // Read each time: a mounted secret is replaced while the process runs.
    private async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(file).Length <= LongestSecret
                ? (await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).Trim()
                : throw new IOException($"it is longer than {LongestSecret} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PortException(FailureKind.Forbidden, $"the secret for {address} can't be read from '{file}': {e.Message}", e);
        }
    }
}
