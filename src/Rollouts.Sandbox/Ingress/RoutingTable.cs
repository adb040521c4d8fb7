namespace Rollouts.Sandbox.Ingress;

/// <summary>What the ingress objects and services of a cluster amount to.</summary>
/// <param name="Hosts">One entry per host name; the one without a name answers every other host.</param>
/// <param name="Ignored">What was left out, and why.</param>
public sealed record RoutingTable(IReadOnlyList<VirtualHost> Hosts, IReadOnlyList<string> Ignored);

/// <param name="Name">Host name, <c>*.</c> in front for a wildcard; null: any host.</param>
/// <param name="Routes">At most one route per path and path type, the oldest ingress first.</param>
public sealed record VirtualHost(string? Name, IReadOnlyList<Route> Routes);

/// <param name="Path">The path as the ingress has it.</param>
/// <param name="PathType"><c>Exact</c>, <c>Prefix</c> or <c>ImplementationSpecific</c>.</param>
/// <param name="Main">Where requests go that no canary rule takes.</param>
/// <param name="Canary">The one canary of this route; null: none.</param>
public sealed record Route(string Path, string PathType, Backend Main, CanaryRoute? Canary);

/// <param name="Annotations">The rules, in the order in which they decide: header, cookie, weight.</param>
/// <param name="PatternIsBroken">The header pattern does not compile: requests that carry the header go to the main service.</param>
/// <param name="Backend">Where the chosen requests go.</param>
public sealed record CanaryRoute(CanaryAnnotations Annotations, bool PatternIsBroken, Backend Backend);

/// <summary>A port of a service.</summary>
/// <param name="Namespace">The namespace of the ingress and the service.</param>
/// <param name="Service">The service's name.</param>
/// <param name="Port">The service's port; 0 when the ingress names a port that the service does not have.</param>
/// <param name="Address">IP address and port that serve it; null: nobody does, and requests are answered with 503.</param>
public sealed record Backend(string Namespace, string Service, int Port, string? Address)
{
    /// <summary>A name that no other service port shares: names of namespaces and services hold no dots.</summary>
    public string Name => $"{Namespace}.{Service}.{Port}";
}
