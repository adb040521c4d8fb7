using System.Net;
using k8s.Models;

namespace Rollouts.Sandbox.Ingress;

/// <summary>
/// Where the pods of a service are. The sandbox has no kubelet and no endpoints controller: whoever runs a version notes
/// its address on the service.
/// </summary>
public static class ServiceAddress
{
    /// <summary>The annotation that holds the address, an IP address and a port, for instance <c>127.0.0.1:20817</c>.</summary>
    public const string Annotation = "sandbox.rolloutfunctions/address";

    /// <summary>The service's address; null when it has none or what it has is no IP address with a port.</summary>
    public static string? Of(V1Service service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service.Metadata.Annotations is { } annotations
            && annotations.TryGetValue(Annotation, out var text)
            && IPEndPoint.TryParse(text, out var address)
            && address.Port > 0
                ? address.ToString()
                : null;
    }
}
