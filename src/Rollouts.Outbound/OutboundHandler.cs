using System.Net;

namespace Rollouts.Outbound;

/// <summary>Makes the connections of requests that a manifest asks for.</summary>
internal static class OutboundHandler
{
    /// <param name="caFile">A PEM file with the authorities to trust instead of the system's; null trusts the system's.</param>
    /// <param name="insecure">Whether any certificate will do.</param>
    public static SocketsHttpHandler Create(string? caFile, bool insecure = false)
    {
        var handler = new SocketsHttpHandler
        {
            // Followed redirects would lead past the list of addresses.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // After an outage thousands of measurements are due at once; more connections than this only make a busy server slower.
            MaxConnectionsPerServer = 128,
        };
        if (insecure)
        {
#pragma warning disable CA5359 // Asked for by the template, and allowed for this address by the operator.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (caFile is not null)
        {
            handler.SslOptions.CertificateChainPolicy = CertificateAuthorities.Read(caFile);
        }

        return handler;
    }
}
