namespace Rollouts.Policy;

/// <summary>What the policy says of one metric; what it does not say is as for the others.</summary>
public sealed record MetricPolicy
{
    /// <summary>Required. The metric's name.</summary>
    public required string Name { get; init; }

    /// <summary>A measurement of it without a value. Null: as for the others.</summary>
    public UnclearPolicy? NoData { get; init; }

    /// <summary>How many requests a measurement of it needs. Null: as for the others.</summary>
    public RequestMinimum? MinimumRequests { get; init; }
}
