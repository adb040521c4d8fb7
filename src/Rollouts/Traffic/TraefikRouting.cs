namespace Rollouts.Traffic;

/// <summary>Splitting by the weights of a TraefikService (<c>trafficRouting.traefik</c> in Argo).</summary>
/// <param name="WeightedService">The TraefikService whose <c>weighted.services</c> are the two services.</param>
public sealed record TraefikRouting(string WeightedService);
