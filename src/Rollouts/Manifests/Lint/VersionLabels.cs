using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Manifests.Lint;

/// <summary>How a query tells the canary from the stable version.</summary>
internal static class VersionLabels
{
    /// <summary>Stands for the hash of the version that is tried.</summary>
    public const string CanaryHash = "canary0hash";

    /// <summary>Stands for the hash of the version that users have.</summary>
    public const string StableHash = "stable0hash";

    private static readonly string[] Words = ["canary", "version", "hash", "revision", "replicaset", "pod", "image", "release", "track", "stage", "color", "colour", "slot", "subset", "build", "commit", "sha"];

    /// <summary>Whether a matcher may be what picks one of the two versions.</summary>
    public static bool MayPick(LabelMatcher matcher, string? canaryService) =>
        matcher.IsOpen
        || Words.Any(w => matcher.Label.Contains(w, StringComparison.OrdinalIgnoreCase))
        || matcher.Value.Contains("canary", StringComparison.OrdinalIgnoreCase)
        || matcher.Value.Contains("stable", StringComparison.OrdinalIgnoreCase)
        || (canaryService is not null && matcher.Value.Contains(canaryService, StringComparison.Ordinal));
}
