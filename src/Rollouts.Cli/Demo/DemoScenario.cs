using Rollouts.Manifests;
using Rollouts.Sandbox;
using Rollouts.Sandbox.DemoService;

namespace Rollouts.Cli.Demo;

/// <summary>One of the demos: how the canary behaves, and the release that meets it.</summary>
internal sealed record DemoScenario(string Name, string Promise, ServiceBehavior Canary)
{
    public static IReadOnlyList<DemoScenario> All { get; } =
    [
        new("good", "the new version is as good as the old one: it will be promoted", new ServiceBehavior()),
        new("bad", "the new version answers 15 % of its requests with an error: analysis will roll it back", new ServiceBehavior { ErrorRate = 0.15 }),
        new(
            "degraded",
            "the new version errs three times in a hundred: worse than it should be, not clearly broken, so a person is asked",
            new ServiceBehavior { ErrorRate = 0.03, P99Latency = TimeSpan.FromMilliseconds(28) })
        {
            Templates = ["error-rate", "p99-latency"],
        },
    ];

    /// <summary>Templates of <c>infra/templates</c> that the release uses beside its own manifest. Default none.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];

    /// <summary>The release's manifests, as they ship with the sandbox.</summary>
    public IReadOnlyList<ManifestFile> Manifests() =>
        [Read($"Scenarios/{Name}.yaml"), .. Templates.Select(t => Read($"infra/templates/{t}.yaml"))];

    private static ManifestFile Read(string name)
    {
        using Stream stream = typeof(SandboxCluster).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not part of the build");
        using StreamReader reader = new(stream);
        return new ManifestFile(name, reader.ReadToEnd());
    }
}
