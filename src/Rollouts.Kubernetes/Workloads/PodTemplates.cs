using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>Pod templates of the roles, from the release's.</summary>
internal static class PodTemplates
{
    /// <summary>The release's template.</summary>
    public static JsonObject Read(WorkloadSpec workload) =>
        JsonNode.Parse(workload.Template ?? throw new InvalidOperationException("the workload is not resolved"))!.AsObject();

    public static Dictionary<string, string> LabelsOf(JsonObject template) => JsonObjectFields.TextMap(template["metadata"]?["labels"]);

    /// <summary>The template that a Deployment or a ReplicaSet has now.</summary>
    public static JsonObject Of(JsonObject deployment) => deployment["spec"]?["template"] as JsonObject ?? [];

    /// <summary>The revision that a template is labelled with.</summary>
    public static string? RevisionOf(JsonObject template) => JsonObjectFields.Text(template["metadata"]?["labels"]?[WorkloadLabels.Hash]);

    /// <summary>A template for the pods of a role.</summary>
    /// <param name="template">The version's.</param>
    /// <param name="revision">Of that version.</param>
    /// <param name="roles">Tells the roles apart.</param>
    /// <param name="role">Whose pods.</param>
    /// <param name="metadata">What pods of the role get beside; it can't replace a label that tells them apart.</param>
    public static JsonObject For(JsonObject template, string revision, PodRoles roles, string role, PodMetadata? metadata)
    {
        JsonObject made = template.Copy();
        Dictionary<string, string> labels = LabelsOf(made);
        foreach ((string key, string value) in metadata?.Labels ?? new Dictionary<string, string>())
        {
            labels[key] = value;
        }

        labels = roles.LabelsOf(role, labels);
        labels[WorkloadLabels.Hash] = revision;
        made.Part("metadata")["labels"] = JsonObjectFields.Of(labels);
        foreach ((string key, string value) in metadata?.Annotations ?? new Dictionary<string, string>())
        {
            made.Annotate(key, value);
        }

        return made;
    }

    /// <summary>
    /// Whether a live template is one that was made so. Its revision says what it consists of; images are compared beside it, because they are what somebody
    /// changes by hand. The rest is not: a server fills in defaults and writes quantities its own way.
    /// </summary>
    public static bool IsMade(JsonObject live, JsonObject made) =>
        HasImagesOf(live, made)
        && Covers(live["metadata"]?["labels"], made["metadata"]?["labels"])
        && Covers(live["metadata"]?["annotations"], made["metadata"]?["annotations"]);

    /// <summary>Whether the containers of both have the same images.</summary>
    public static bool HasImagesOf(JsonObject live, JsonObject made) => Images(live).SequenceEqual(Images(made));

    /// <summary>The images of the containers that serve, in their order.</summary>
    public static IReadOnlyList<string> ImagesOf(JsonObject template) =>
        [.. (template["spec"]?["containers"] as JsonArray ?? []).OfType<JsonObject>().Select(c => JsonObjectFields.Text(c["image"])).OfType<string>()];

    /// <summary>The template as the team wrote it: without what a role, a server or a restart has put on it.</summary>
    public static JsonObject Plain(JsonObject template, PodMetadata? metadata)
    {
        JsonObject plain = template.Copy();
        if (plain["metadata"] is not JsonObject kept)
        {
            return plain;
        }

        _ = kept.Remove("creationTimestamp");
        Strip(kept, "labels", metadata?.Labels, WorkloadLabels.Role, WorkloadLabels.Hash, WorkloadLabels.ReplicaSetHash);
        Strip(kept, "annotations", metadata?.Annotations, WorkloadLabels.RestartedAt);
        return plain;
    }

    private static void Strip(JsonObject metadata, string field, IReadOnlyDictionary<string, string>? given, params string[] ours)
    {
        if (metadata[field] is not JsonObject map)
        {
            return;
        }

        foreach (string key in (string[])[.. ours, .. (given ?? new Dictionary<string, string>()).Where(g => JsonObjectFields.Text(map[g.Key]) == g.Value).Select(g => g.Key)])
        {
            _ = map.Remove(key);
        }

        if (map.Count == 0)
        {
            _ = metadata.Remove(field);
        }
    }

    private static bool Covers(JsonNode? live, JsonNode? made)
    {
        Dictionary<string, string> there = JsonObjectFields.TextMap(live);
        return JsonObjectFields.TextMap(made).All(m => there.GetValueOrDefault(m.Key) == m.Value);
    }

    private static IEnumerable<(string? Name, string? Image)> Images(JsonObject template) =>
        from field in (string[])["initContainers", "containers"]
        from container in (template["spec"]?[field] as JsonArray ?? []).OfType<JsonObject>()
        select (JsonObjectFields.Text(container["name"]), JsonObjectFields.Text(container["image"]));
}
