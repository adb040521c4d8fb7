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
            new ServiceBehavior { ErrorRate = 0.03, P99Latency = TimeSpan.FromMilliseconds(28) }),
    ];

    /// <summary>The release's manifests, as they ship with the sandbox.</summary>
    public string Manifest()
    {
        string resource = $"Rollouts.Sandbox.Scenarios.{Name}.yaml";
        using Stream stream = typeof(SandboxCluster).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not part of the build");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
