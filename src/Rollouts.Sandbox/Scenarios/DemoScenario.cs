using Rollouts.Manifests;
using Rollouts.Sandbox.DemoService;

namespace Rollouts.Sandbox.Scenarios;

/// <summary>One demo: how both versions behave, and the release that meets them.</summary>
public sealed record DemoScenario
{
    /// <summary>The address that the manifests ask, as a cluster's DNS would resolve it.</summary>
    private const string PrometheusInManifests = "http://prometheus:9090";

    private DemoScenario()
    {
    }

    /// <summary>All demos.</summary>
    public static IReadOnlyList<DemoScenario> All { get; } =
    [
        new() { Name = "good", Promise = "the new version is as good as the old one: it will be promoted" },
        new()
        {
            Name = "bad",
            Promise = "the new version answers 15 % of its requests with an error: analysis will roll it back",
            Canary = new() { ErrorRate = 0.15 },
        },
        new()
        {
            Name = "degraded",
            Promise = "the new version errs three times in a hundred: worse than it should be, not clearly broken, so a person is asked",
            // Latencies well above what a busy machine adds to both: the ratio of their percentiles stays what it is meant to be.
            Stable = new() { MedianLatency = TimeSpan.FromMilliseconds(30), P99Latency = TimeSpan.FromMilliseconds(150) },
            Canary = new() { ErrorRate = 0.03, MedianLatency = TimeSpan.FromMilliseconds(40), P99Latency = TimeSpan.FromMilliseconds(190) },
            Templates = ["error-rate.yaml", "p99-latency.yaml"],
        },
        new()
        {
            Name = "image",
            Promise = "a pipeline posts a new image: it is deployed as a canary beside the team's Deployment, tried, and taken over by it",
            Workloads = new()
            {
                First = "checkout:1",
                Images = new Dictionary<string, ServiceBehavior> { ["checkout:1"] = new(), ["checkout:2"] = new() },
            },
        },
    ];

    /// <summary>The word that starts it.</summary>
    public required string Name { get; init; }

    /// <summary>What will happen, for the person who watches.</summary>
    public required string Promise { get; init; }

    /// <summary>How the version that users have now answers.</summary>
    public ServiceBehavior Stable { get; private init; } = new();

    /// <summary>How the new version answers.</summary>
    public ServiceBehavior Canary { get; private init; } = new();

    /// <summary>Set where the cluster runs the versions itself; null where both run already.</summary>
    public SandboxWorkloads? Workloads { get; private init; }

    /// <summary>The ready-made templates of <c>infra/templates</c> that the release uses.</summary>
    private IReadOnlyList<string> Templates { get; init; } = [];

    /// <summary>The release's manifests.</summary>
    /// <param name="prometheus">Where the sandbox's Prometheus is; takes the place of the address in the manifests.</param>
    public IReadOnlyList<ManifestFile> Manifests(Uri prometheus)
    {
        ArgumentNullException.ThrowIfNull(prometheus);
        var address = prometheus.GetLeftPart(UriPartial.Authority);
        return
        [
            .. Templates.Prepend($"{Name}.yaml").Select(
                file => new ManifestFile(file, Read(file).Replace(PrometheusInManifests, address, StringComparison.Ordinal))),
        ];
    }

    private static string Read(string file)
    {
        using var stream = typeof(DemoScenario).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not part of the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
