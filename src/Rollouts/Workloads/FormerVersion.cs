namespace Rollouts.Workloads;

/// <summary>A version that was stable before and whose template is still there.</summary>
/// <param name="Revision">What an undo calls it.</param>
/// <param name="Images">Of its containers, in their order.</param>
/// <param name="CreatedAt">When the cluster first had it; null when the cluster does not say.</param>
public sealed record FormerVersion(string Revision, IReadOnlyList<string> Images, DateTimeOffset? CreatedAt = null);
