using Rollouts.Analysis;

namespace Rollouts.Manifests;

/// <summary>Where templates are that a request names and does not carry.</summary>
public interface ITemplateSource
{
    /// <summary>The manifest of a template; null when there is none of that name here.</summary>
    /// <param name="ns">The rollout's namespace, where an AnalysisTemplate has to be; a ClusterAnalysisTemplate has to be in its cluster.</param>
    /// <param name="template">Which one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PortException">It can't be told: no answer, no right.</exception>
    Task<ManifestFile?> FindAsync(ClusterNamespace ns, TemplateReference template, CancellationToken cancellationToken);
}

/// <summary>Several sources, asked in their order.</summary>
public sealed class TemplateSources(IReadOnlyList<ITemplateSource> sources) : ITemplateSource
{
    /// <inheritdoc/>
    public async Task<ManifestFile?> FindAsync(ClusterNamespace ns, TemplateReference template, CancellationToken cancellationToken)
    {
        foreach (ITemplateSource source in sources)
        {
            if (await source.FindAsync(ns, template, cancellationToken).ConfigureAwait(false) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
