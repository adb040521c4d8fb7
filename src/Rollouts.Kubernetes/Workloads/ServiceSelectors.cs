using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>What the two Services select.</summary>
internal static class ServiceSelectors
{
    /// <summary>Labels of ours, and those that bind a Service to one version, which is no longer its users' to say.</summary>
    private static readonly string[] Managed = [WorkloadLabels.Role, WorkloadLabels.Hash, WorkloadLabels.ReplicaSetHash];

    public static Dictionary<string, string> Of(JsonObject service) => JsonObjectFields.TextMap(service["spec"]?["selector"]);

    /// <summary>
    /// The Service pointed at the pods of a Deployment. What the team's selector has beside stays, as far as these pods carry it.
    /// </summary>
    /// <param name="service">As read; left as it is.</param>
    /// <param name="deployment">Whose pods.</param>
    /// <param name="selector">What the Deployment selects.</param>
    /// <param name="revision">Only the pods of this revision; null is whatever revision the Deployment has.</param>
    public static JsonObject PointedAt(JsonObject service, JsonObject deployment, IReadOnlyDictionary<string, string> selector, string? revision)
    {
        Dictionary<string, string> labels = PodTemplates.LabelsOf(PodTemplates.Of(deployment));
        Dictionary<string, string> wanted = new(
            Of(service).Where(s => !Managed.Contains(s.Key) && labels.GetValueOrDefault(s.Key) == s.Value), StringComparer.Ordinal);
        foreach ((string key, string value) in selector)
        {
            wanted[key] = value;
        }

        if (revision is not null)
        {
            wanted[WorkloadLabels.Hash] = revision;
        }

        JsonObject pointed = service.Copy();
        pointed.Part("spec")["selector"] = JsonObjectFields.Of(wanted);
        return pointed;
    }

    /// <summary>Whether the Service selects the pods that a Deployment makes now.</summary>
    public static bool Selects(JsonObject service, JsonObject? deployment) =>
        deployment is not null && LabelSelectors.Selects(Of(service), PodTemplates.LabelsOf(PodTemplates.Of(deployment)));
}
