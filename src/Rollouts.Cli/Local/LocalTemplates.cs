using k8s;
using Rollouts.Kubernetes.Analysis;
using Rollouts.Manifests;
using Rollouts.Templates;

namespace Rollouts.Cli.Local;

/// <summary>Where this process looks for templates that a release does not carry: in the cluster, then in a folder.</summary>
internal static class LocalTemplates
{
    /// <param name="folder">The folder; null when there is none.</param>
    /// <param name="cluster">The cluster; null for a command that knows none.</param>
    /// <exception cref="InvalidInputException">The folder can't be used.</exception>
    public static ITemplateSource Open(string? folder, IKubernetes? cluster)
    {
        List<ITemplateSource> sources = [];
        if (cluster is not null)
        {
            sources.Add(new ClusterTemplateSource(cluster, TimeProvider.System));
        }

        try
        {
            if (folder is not null)
            {
                sources.Add(TemplateFolder.Open(folder));
            }
        }
        catch (TemplateFolderException problem)
        {
            throw new InvalidInputException($"--templates: {problem.Message}");
        }

        return new TemplateSources(sources);
    }
}
