using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>Which groups, versions and resources there are, as command-line clients ask for them.</summary>
internal sealed class Discovery(KindTable kinds)
{
    private static readonly string[] Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <returns>Null when the path leads to no discovery document.</returns>
    public JsonObject? Read(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["api"] => new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        ["apis"] => new() { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. Groups().Select(g => Group(g))]) },
        ["apis", var group] when Groups().Contains(group) => Described(Group(group), "APIGroup"),
        ["api", var version] when kinds.Serves("", version) => Resources("", version),
        ["apis", var group, var version] when kinds.Serves(group, version) => Resources(group, version),
        _ => null,
    };

    private IEnumerable<string> Groups() => kinds.All.Select(k => k.Group).Where(g => g.Length > 0).Distinct().Order(StringComparer.Ordinal);

    private JsonObject Group(string group)
    {
        var versions = kinds.All.Where(k => k.Group == group).Select(k => k.Version).Distinct().Order(StringComparer.Ordinal)
            .Select(v => new JsonObject { ["groupVersion"] = $"{group}/{v}", ["version"] = v }).ToList();
        return new() { ["name"] = group, ["versions"] = new JsonArray([.. versions.Select(v => v.DeepClone())]), ["preferredVersion"] = versions[0] };
    }

    private JsonObject Resources(string group, string version)
    {
        var served = kinds.All.Where(k => k.Group == group && k.Version == version).OrderBy(k => k.Plural, StringComparer.Ordinal).ToList();
        var resources = new JsonArray();
        foreach (var kind in served)
        {
            resources.Add(Resource(kind, "", Verbs));
            if (kind.HasStatus)
            {
                resources.Add(Resource(kind, "/status", "get", "patch", "update"));
            }
        }

        return new() { ["kind"] = "APIResourceList", ["apiVersion"] = "v1", ["groupVersion"] = served[0].ApiVersion, ["resources"] = resources };
    }

    private static JsonObject Resource(KubernetesKind kind, string subresource, params string[] verbs)
    {
        var resource = new JsonObject
        {
            ["name"] = kind.Plural + subresource,
            ["singularName"] = kind.Name.ToLowerInvariant(),
            ["namespaced"] = kind.Namespaced,
            ["kind"] = kind.Name,
            ["verbs"] = new JsonArray([.. verbs]),
        };
        if (subresource.Length == 0 && kind.ShortNames.Count > 0)
        {
            resource["shortNames"] = new JsonArray([.. kind.ShortNames]);
        }

        return resource;
    }

    private static JsonObject Described(JsonObject value, string kind)
    {
        var described = new JsonObject { ["kind"] = kind, ["apiVersion"] = "v1" };
        foreach (var (name, child) in value)
        {
            described[name] = child?.DeepClone();
        }

        return described;
    }
}
