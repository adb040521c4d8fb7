using Rollouts.Analysis;
using Rollouts.Manifests;

namespace Rollouts.Http.Tests;

/// <summary>Templates that stand somewhere else.</summary>
internal sealed class FakeTemplates : ITemplateSource
{
    public Dictionary<string, string> Texts { get; } = [];

    public PortException? Failure { get; set; }

    public Task<ManifestFile?> FindAsync(ClusterNamespace ns, TemplateReference template, CancellationToken cancellationToken) => Failure is not null
        ? Task.FromException<ManifestFile?>(Failure)
        : Task.FromResult(Texts.TryGetValue($"{ns}/{template.Key}", out string? text) ? new ManifestFile(template.Key, text) : null);
}
