using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Rollouts.Analysis;
using Rollouts.Kubernetes.Requests;
using Rollouts.Manifests;

namespace Rollouts.Kubernetes.Analysis;

/// <summary>
/// Reads templates that stand in the cluster, where Argo's CRDs are installed. Where they are not, there are no templates. Needs get on
/// analysistemplates.argoproj.io, and on clusteranalysistemplates.argoproj.io of the cluster.
/// </summary>
/// <param name="kubernetes">The cluster; not disposed here.</param>
/// <param name="time">For the time-out of requests.</param>
/// <param name="requestTimeout">How long one request may take. Null takes the default of 10 s.</param>
public sealed class ClusterTemplateSource(IKubernetes kubernetes, TimeProvider time, TimeSpan? requestTimeout = null) : ITemplateSource
{
    private const string Group = "argoproj.io";

    private const string Version = "v1alpha1";

    private readonly KubernetesRequests requests = new(requestTimeout ?? TimeSpan.FromSeconds(10), time);

    /// <inheritdoc/>
    public async Task<ManifestFile?> FindAsync(ClusterNamespace ns, TemplateReference template, CancellationToken cancellationToken)
    {
        KubernetesResource resource = template.ClusterScope
            ? new("ClusterAnalysisTemplate", $"clusteranalysistemplates.{Group}")
            : new("AnalysisTemplate", $"analysistemplates.{Group}");
        object? found;
        try
        {
            found = await requests.SendAsync(
                new("get", resource, template.ClusterScope ? "" : ns.Name, template.Name),
                limit => template.ClusterScope
                    ? kubernetes.CustomObjects.GetClusterCustomObjectWithHttpMessagesAsync(Group, Version, resource.Path, template.Name, cancellationToken: limit)
                    : kubernetes.CustomObjects.GetNamespacedCustomObjectWithHttpMessagesAsync(Group, Version, ns.Name, resource.Path, template.Name, cancellationToken: limit),
                cancellationToken,
                HttpStatusCode.NotFound).ConfigureAwait(false);
        }
        catch (PortException failure) when (failure.Kind == FailureKind.NotFound)
        {
            // The API server does not know the kind: no CRD, so no template.
            return null;
        }

        return found is null ? null : new ManifestFile(NameOf(ns.Name, template), Manifest((JsonElement)found));
    }

    private static string NameOf(string ns, TemplateReference template) => template.ClusterScope
        ? $"cluster/ClusterAnalysisTemplate/{template.Name}"
        : $"cluster/{ns}/AnalysisTemplate/{template.Name}";

    // What the API server and other tools write into the metadata is no part of a release.
    private static string Manifest(JsonElement found)
    {
        JsonObject template = JsonObject.Create(found)!;
        JsonObject metadata = new();
        foreach (string field in new[] { "name", "namespace" })
        {
            if (template["metadata"]?[field] is { } value)
            {
                metadata[field] = value.DeepClone();
            }
        }

        JsonObject manifest = new()
        {
            ["apiVersion"] = template["apiVersion"]?.DeepClone(),
            ["kind"] = template["kind"]?.DeepClone(),
            ["metadata"] = metadata,
            ["spec"] = template["spec"]?.DeepClone(),
        };
        return manifest.ToJsonString();
    }
}
