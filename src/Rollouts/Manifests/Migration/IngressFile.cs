using System.Text.Json.Nodes;
using Rollouts.Manifests.Documents;

namespace Rollouts.Manifests.Migration;

/// <summary>Ingress objects in a file, one by one or as the list that <c>kubectl get ingress -o yaml</c> prints.</summary>
internal static class IngressFile
{
    /// <summary>Whether the file holds Ingress objects and nothing else; these are added then.</summary>
    public static bool TryRead(ManifestFile file, List<JsonObject> ingresses)
    {
        var problems = new ProblemList([file]);
        IReadOnlyList<ManifestDocument> documents = DocumentReader.Read(file, problems, out bool complete);
        if (!complete || problems.HasErrors || documents.Count == 0)
            return false;
        JsonObject[] objects = [.. documents.Select(d => JsonNode.Parse(ManifestJson.Of(d.Root))).OfType<JsonObject>().SelectMany(Items)];
        if (objects.Length == 0 || !Array.TrueForAll(objects, o => Text(o["kind"]) == "Ingress"))
            return false;
        ingresses.AddRange(objects);
        return true;
    }

    /// <summary>Whether it is the Ingress of a name; one without a namespace is taken to be in the right one.</summary>
    public static bool IsOf(JsonObject ingress, string name, string ns) =>
        Text(ingress["metadata"]?["name"]) == name && (Text(ingress["metadata"]?["namespace"]) ?? ns) == ns;

    /// <summary>Null for what is no text.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The objects of a list; none when it is no list.</summary>
    public static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<JsonObject> Items(JsonObject document) =>
        Text(document["kind"])?.EndsWith("List", StringComparison.Ordinal) == true ? Objects(document["items"]) : [document];
}
