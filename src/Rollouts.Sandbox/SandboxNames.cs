namespace Rollouts.Sandbox;

/// <summary>The names of what a sandbox creates, as the demo manifests use them.</summary>
public static class SandboxNames
{
    public const string Namespace = "demo";

    /// <summary>The service's name in metrics (label <c>job</c>), and the name of its stable ingress.</summary>
    public const string Service = "checkout";

    public const string StableService = "checkout-stable";

    public const string CanaryService = "checkout-canary";

    public const string Ingress = Service;

    /// <summary>The host that the ingress routes; requests to it carry it in their Host header.</summary>
    public const string Host = "checkout.localhost";

    /// <summary>The label by which a service selects the pods of one version, as Argo Rollouts writes it.</summary>
    public const string HashLabel = "rollouts-pod-template-hash";
}
