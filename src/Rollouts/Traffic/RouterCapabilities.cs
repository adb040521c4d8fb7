namespace Rollouts.Traffic;

/// <summary>What a router can express. Whatever it can't is refused when a release is read, with the reason, and never found out at run time.</summary>
public sealed record RouterCapabilities
{
    /// <summary>As a person calls the router, for instance <c>ingress-nginx</c>.</summary>
    public required string Router { get; init; }

    /// <summary>How a header's value can be compared. None: the router has no header routes.</summary>
    public required IReadOnlyList<HeaderMatchKind> HeaderMatches { get; init; }

    /// <summary>How many header routes can be in force at once; null is any number.</summary>
    public int? MostHeaderRoutes { get; init; }

    /// <summary>How many headers one route can compare; null is any number.</summary>
    public int? MostMatches { get; init; }

    /// <summary>Whether requests can be copied to the canary.</summary>
    public required bool Mirrors { get; init; }

    /// <summary>Whether a whole other than 100 can be split.</summary>
    public required bool MaxTrafficWeight { get; init; }

    /// <summary>One canary ingress compares one header with one value or pattern.</summary>
    public static RouterCapabilities Nginx { get; } = new()
    {
        Router = "ingress-nginx",
        HeaderMatches = All,
        MostHeaderRoutes = 1,
        MostMatches = 1,
        Mirrors = false,
        MaxTrafficWeight = true,
    };

    /// <summary>Any weights, header matches of any number, RequestMirror. Regular expressions are up to the implementation, which says so in the route's status.</summary>
    public static RouterCapabilities GatewayApi(GatewayApiRouting routing) => new()
    {
        Router = "the Gateway API",
        HeaderMatches = routing.HttpRoutes.Concat(routing.GrpcRoutes).Any(r => r.UseHeaderRoutes) ? All : [],
        // The specification's limit of header matches in one match.
        MostMatches = 16,
        Mirrors = routing.HttpRoutes.Concat(routing.GrpcRoutes).Any(r => r.UseHeaderRoutes),
        MaxTrafficWeight = true,
    };

    /// <summary>Everything but a whole other than 100.</summary>
    public static RouterCapabilities Istio { get; } = new()
    {
        Router = "Istio",
        HeaderMatches = All,
        Mirrors = true,
        MaxTrafficWeight = false,
    };

    /// <summary>Weights only: a TraefikService knows no requests.</summary>
    public static RouterCapabilities Traefik { get; } = new()
    {
        Router = "Traefik",
        HeaderMatches = [],
        Mirrors = false,
        MaxTrafficWeight = false,
    };

    /// <summary>Weights, and values that are compared whole, without regard to case. A listener rule compares five values at most, of which host and path take three.</summary>
    public static RouterCapabilities Alb { get; } = new()
    {
        Router = "the AWS load balancer controller",
        HeaderMatches = [HeaderMatchKind.Exact],
        MostMatches = 2,
        Mirrors = false,
        MaxTrafficWeight = false,
    };

    private static HeaderMatchKind[] All => [HeaderMatchKind.Exact, HeaderMatchKind.Prefix, HeaderMatchKind.Regex];
}
