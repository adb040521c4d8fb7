namespace Rollouts.Traffic;

/// <summary>Splitting by the destinations of Istio's HTTP routes (<c>trafficRouting.istio</c> in Argo).</summary>
public sealed record IstioRouting
{
    /// <summary>Required, at least one.</summary>
    public required IReadOnlyList<IstioVirtualService> VirtualServices { get; init; }

    /// <summary>
    /// With it the two versions are subsets of one host; without it, the default, they are the two services. The subsets' labels are left as they are.
    /// </summary>
    public IstioDestinationRule? DestinationRule { get; init; }
}

/// <summary>A VirtualService.</summary>
/// <param name="Name">Of the object.</param>
/// <param name="Routes">The names of the HTTP routes to split; none takes the only one that the VirtualService has.</param>
public sealed record IstioVirtualService(string Name, IReadOnlyList<string> Routes);

/// <summary>A DestinationRule with a subset for each version.</summary>
public sealed record IstioDestinationRule(string Name, string CanarySubset, string StableSubset);
