using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Rollouts.Machine;

namespace Rollouts.Manifests.Checks;

/// <summary>Identifies the content of a release, and bounds it.</summary>
internal static class ReleaseDigest
{
    /// <summary>
    /// How large a release may be, compressed as the durable engine stores it. A stored rollout stays below 20 KB, and carries the state of an
    /// analysis beside the release.
    /// </summary>
    public const int MostCompressedBytes = 12 * 1024;

    /// <summary>
    /// SHA-256 over the canonical JSON: keys in order, members at their default left out, so that a field that a newer build adds changes no
    /// release that does not use it. Who asks, and what the operator adds, is no part of the content.
    /// </summary>
    public static string Of(Release release) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            release with { Digest = "", Requester = null, Reason = null, Environment = null }, WithoutDefaults.Options)));

    public static long CompressedBytes(Release release)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(JsonSerializer.SerializeToUtf8Bytes(release, RolloutJson.Default.Release));
        return compressed.Length;
    }
}
