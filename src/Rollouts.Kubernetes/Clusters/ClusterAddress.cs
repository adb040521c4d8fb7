namespace Rollouts.Kubernetes.Clusters;

/// <summary>Checks the address of an API server that gets a token.</summary>
internal static class ClusterAddress
{
    /// <exception cref="PortException">Kind Invalid: no absolute https address. Plain http is taken on loopback only.</exception>
    public static string Check(string cluster, Uri? server)
    {
        if (server is not { IsAbsoluteUri: true })
        {
            throw new PortException(FailureKind.Invalid, $"{cluster}: Server is to be an absolute address such as https://name:443, not `{server}`");
        }

        if (server.Scheme != Uri.UriSchemeHttps && !(server.Scheme == Uri.UriSchemeHttp && server.IsLoopback))
        {
            throw new PortException(FailureKind.Invalid, $"{cluster}: Server {server} is not https; a token is sent over TLS only");
        }

        return server.UserInfo.Length == 0
            ? server.AbsoluteUri
            : throw new PortException(FailureKind.Invalid, $"{cluster}: Server may carry no user name or password");
    }
}
