namespace Rollouts.Manifests.Lint;

/// <summary>What the linter can't read from manifests.</summary>
public sealed record LintOptions
{
    /// <summary>The options of somebody who gives none.</summary>
    public static LintOptions Default { get; } = new();

    /// <summary>
    /// How often Prometheus scrapes what the queries ask for, where no document says so by the annotation <c>rolloutfunctions/scrape-interval</c>.
    /// Default 15 s.
    /// </summary>
    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromSeconds(15);
}
