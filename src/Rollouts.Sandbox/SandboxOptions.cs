using Rollouts.Sandbox.DemoService;

namespace Rollouts.Sandbox;

/// <summary>What a sandbox holds.</summary>
public sealed record SandboxOptions
{
    /// <summary>How the version that users have now answers.</summary>
    public ServiceBehavior Stable { get; init; } = new();

    /// <summary>How the new version answers.</summary>
    public ServiceBehavior Canary { get; init; } = new();

    /// <summary>The pod template hash of the stable version: its service's selector and its metrics' <c>version</c> label.</summary>
    public string StableHash { get; init; } = "6d4b75cb6d";

    /// <summary>The pod template hash of the canary.</summary>
    public string CanaryHash { get; init; } = "7c9f8b5d4f";

    /// <summary>
    /// Lets the cluster run the versions itself, as Deployments. Null (the default): both versions run already, as <see cref="Stable"/> and
    /// <see cref="Canary"/>, which have no meaning otherwise.
    /// </summary>
    public SandboxWorkloads? Workloads { get; init; }

    /// <summary>Requests sent per second; 0 sends none. Default: 200.</summary>
    public double RequestsPerSecond { get; init; } = 200;

    /// <summary>Share of the requests that carry <c>X-Internal: canary</c>, 0 to 1. Default: 0.05.</summary>
    public double InternalShare { get; init; } = 0.05;

    /// <summary>The port of the Kubernetes API on 127.0.0.1; 0 (the default) takes a free one.</summary>
    public int ApiPort { get; init; }

    /// <summary>The port of Prometheus on 127.0.0.1; 0 (the default) takes a free one.</summary>
    public int PrometheusPort { get; init; }
}
