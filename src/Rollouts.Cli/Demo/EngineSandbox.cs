using System.Security.Cryptography;
using Rollouts.Manifests;
using Rollouts.Sandbox;

namespace Rollouts.Cli.Demo;

/// <summary>
/// Makes a sandbox reachable for an engine outside this process: at fixed ports, which the app's sample settings name, and with a kubeconfig in the
/// user's folder, which is taken away with the sandbox.
/// </summary>
internal sealed class EngineSandbox : IDisposable
{
    public const int ApiPort = 7072;

    public const int PrometheusPort = 7073;

    private static string KubeconfigFile =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "rollouts-sandbox");

    public static EngineSandbox Publish(SandboxCluster sandbox)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KubeconfigFile)!);
        File.Copy(sandbox.KubeConfigFile, KubeconfigFile, overwrite: true);
        return new EngineSandbox();
    }

    /// <summary>
    /// The manifests as one text, the rollout named anew: an engine that outlives the sandbox would take the same release for the one it has finished.
    /// </summary>
    public static string Release(IReadOnlyList<ManifestFile> manifests) => string
        .Join("\n---\n", manifests.Select(m => m.Text))
        .Replace("  name: checkout\n  namespace:", $"  name: checkout-{RandomNumberGenerator.GetHexString(6, lowercase: true)}\n  namespace:", StringComparison.Ordinal);

    public void Dispose() => File.Delete(KubeconfigFile);
}
