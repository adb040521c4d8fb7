namespace Rollouts.Sandbox.Prometheus;

/// <param name="Name">The value of the <c>job</c> label: the service's name.</param>
/// <param name="Targets">IP addresses and ports whose <c>/metrics</c> are scraped.</param>
public sealed record ScrapeJob(string Name, IReadOnlyList<string> Targets);
