using System.Security.Cryptography;
using Rollouts.Manifests;

namespace Rollouts.Cli.Demo;

/// <summary>What a sandbox needs so that an engine outside this process finds it: the ports that the durable app's sample settings name.</summary>
internal static class EngineSandbox
{
    public const int ApiPort = 7072;

    public const int PrometheusPort = 7073;

    /// <summary>
    /// The manifests as one text, the rollout named anew: an engine that outlives the sandbox would take the same release for the one it has finished.
    /// </summary>
    public static string Release(IReadOnlyList<ManifestFile> manifests) => string
        .Join("\n---\n", manifests.Select(m => m.Text))
        .Replace("  name: checkout\n  namespace:", $"  name: checkout-{RandomNumberGenerator.GetHexString(6, lowercase: true)}\n  namespace:", StringComparison.Ordinal);
}
