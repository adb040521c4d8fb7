namespace Rollouts.Traffic;

/// <summary>
/// Splitting by the weights of a route's backends (the plugin <c>argoproj-labs/gatewayAPI</c> in Argo). At least one route is given; each has at
/// least one rule whose backends are the two services.
/// </summary>
public sealed record GatewayApiRouting
{
    /// <summary>HTTPRoute objects. Default none.</summary>
    public IReadOnlyList<GatewayRoute> HttpRoutes { get; init; } = [];

    /// <summary>GRPCRoute objects. Default none.</summary>
    public IReadOnlyList<GatewayRoute> GrpcRoutes { get; init; } = [];
}

/// <summary>A route of the Gateway API.</summary>
/// <param name="Name">Of the object.</param>
/// <param name="UseHeaderRoutes">
/// Whether header and mirror routes are put on it, as in Argo's plugin: always when the only route of its kind is named by <c>httpRoute</c> or
/// <c>grpcRoute</c>, otherwise when its <c>useHeaderRoutes</c> is true.
/// </param>
public sealed record GatewayRoute(string Name, bool UseHeaderRoutes);
