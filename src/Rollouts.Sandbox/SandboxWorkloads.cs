using Rollouts.Sandbox.DemoService;

namespace Rollouts.Sandbox;

/// <summary>Versions that the cluster runs by itself: a Deployment of the team's own at first, and whatever images a release brings.</summary>
public sealed record SandboxWorkloads
{
    /// <summary>Required. How the service in each image answers; any other image can't be pulled.</summary>
    public required IReadOnlyDictionary<string, ServiceBehavior> Images { get; init; }

    /// <summary>Required. The image that users have at first.</summary>
    public required string First { get; init; }

    /// <summary>How many pods the Deployment has. Default 3.</summary>
    public int Replicas { get; init; } = 3;

    /// <summary>How long a pod takes until it is ready. Default 1 s.</summary>
    public TimeSpan ReadyAfter { get; init; } = TimeSpan.FromSeconds(1);
}
