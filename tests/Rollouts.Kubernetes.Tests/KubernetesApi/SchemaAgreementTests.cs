using System.Text.Json.Nodes;
using k8s;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Sandbox.KubernetesApi;
using Rollouts.Sandbox.KubernetesApi.Schemas;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>The schemas of the stand-in against the OpenAPI document of the real server.</summary>
public sealed class SchemaAgreementTests(RealCluster real)
{
    /// <summary>Fields of older servers that the client of today no longer knows.</summary>
    private static readonly HashSet<string> Gone = ["ObjectMeta.clusterName", "ServiceSpec.topologyKeys", "EphemeralVolumeSource.readOnly"];

    /// <summary>Lists that only got their keys after 1.20.</summary>
    private static readonly HashSet<string> KeyedLater = ["EphemeralContainer.ports"];

    /// <summary>Maps and structures that only became one piece for server-side apply after 1.20.</summary>
    private static readonly HashSet<string> AtomicLater =
    [
        "ServiceSpec.selector", "PodSpec.nodeSelector", "LocalObjectReference", "TypedLocalObjectReference", "ObjectReference", "SecretKeySelector",
        "ConfigMapKeySelector", "ObjectFieldSelector", "ResourceFieldSelector", "NodeSelector", "NodeSelectorTerm", "ServiceBackendPort",
    ];

    public static TheoryData<string> Kinds => [.. KubernetesKinds.BuiltIn.Select(k => k.Plural)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Schema_OfAKind_IsWhatTheServerDeclares(string plural)
    {
        var kind = KubernetesKinds.BuiltIn.Single(k => k.Plural == plural);
        var definitions = await DefinitionsAsync();
        var declared = definitions.Single(d => (d.Value!["x-kubernetes-group-version-kind"] as JsonArray ?? []).Any(k =>
            (string?)k!["group"] == kind.Group && (string?)k["version"] == kind.Version && (string?)k["kind"] == kind.Name)).Value!;
        var problems = new List<string>();

        Compare(declared, ModelSchemas.For(kind.Model!), kind.Name, definitions, [], problems);

        Assert.Empty(problems);
    }

    private async Task<JsonObject> DefinitionsAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = await real.AdminAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, "openapi/v2"));
        await (client.Credentials?.ProcessHttpRequestAsync(request, cancellation) ?? Task.CompletedTask);
        using var answer = await client.HttpClient.SendAsync(request, cancellation);
        var text = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellation);
        return JsonNode.Parse(text)!["definitions"]!.AsObject();
    }

    private static void Compare(JsonNode declared, Schema ours, string name, JsonObject definitions, HashSet<string> seen, List<string> problems)
    {
        if (!seen.Add(name) || declared["properties"] is not JsonObject fields)
        {
            return;
        }

        var schema = Assert.IsType<StructSchema>(ours);
        Check(AtomicLater.Contains(name) || schema.Atomic == ((string?)declared["x-kubernetes-map-type"] == "atomic"), $"{name}: atomic {schema.Atomic}", problems);
        foreach (var (field, property) in fields)
        {
            var place = $"{name}.{field}";
            if (!schema.Fields.TryGetValue(field, out var child))
            {
                Check(Gone.Contains(place), $"{place}: not in the schema", problems);
                continue;
            }

            Check(Describe(property!, definitions) == Describe(child), $"{place}: {Describe(property!, definitions)} there, {Describe(child)} here", problems);
            if (child is ListSchema list && !KeyedLater.Contains(place))
            {
                CompareLists(property!, list.Rule, place, problems);
            }
            else if (child is MapSchema { Atomic: true })
            {
                Check(AtomicLater.Contains(place) || (string?)property!["x-kubernetes-map-type"] == "atomic", $"{place}: atomic here only", problems);
            }

            var below = property!["items"] ?? property["additionalProperties"] ?? property;
            if (Reference(below) is { } reference && Below(child) is StructSchema next)
            {
                Compare(definitions[reference]!, next, reference.Split('.')[^1], definitions, seen, problems);
            }
        }
    }

    private static void CompareLists(JsonNode declared, ListRule ours, string place, List<string> problems)
    {
        var merges = ((string?)declared["x-kubernetes-patch-strategy"] ?? "").Split(',').Contains("merge");
        var mergeKey = (string?)declared["x-kubernetes-patch-merge-key"];
        var keys = (declared["x-kubernetes-list-map-keys"] as JsonArray)?.Select(k => (string)k!).ToArray()
            ?? (merges && mergeKey is not null ? [mergeKey] : []);
        var isSet = (string?)declared["x-kubernetes-list-type"] == "set" || (merges && mergeKey is null);
        Check(
            keys.SequenceEqual(ours.MapKeys) && isSet == ours.IsSet && merges == ours.PatchMerges && mergeKey == ours.PatchMergeKey,
            $"{place}: keys {string.Join(',', keys)}, set {isSet}, patch merges {merges} by {mergeKey} there, {ours} here",
            problems);
    }

    private static string Describe(JsonNode property, JsonObject definitions)
    {
        if (Reference(property) is { } reference)
        {
            var target = definitions[reference]!;
            return reference.EndsWith(".MicroTime", StringComparison.Ordinal) ? "MicroTime"
                : target["properties"] is not null ? "struct"
                : reference.EndsWith(".Quantity", StringComparison.Ordinal) ? "Quantity"
                : Describe(target, definitions);
        }

        return ((string?)property["type"], (string?)property["format"]) switch
        {
            ("array", _) => $"list of {Describe(property["items"]!, definitions)}",
            ("object", _) when property["additionalProperties"] is { } entries => $"map of {Describe(entries, definitions)}",
            ("object", _) or (null, _) => "any",
            (_, "date-time") => "Time",
            (_, "int-or-string") => "IntOrString",
            (_, "byte") => "Bytes",
            ("integer", _) => "Integer",
            ("boolean", _) => "Boolean",
            ("number", _) => "Number",
            _ => "String",
        };
    }

    private static string Describe(Schema schema) => schema switch
    {
        ListSchema list => $"list of {Describe(list.Element)}",
        MapSchema map => $"map of {Describe(map.Element)}",
        StructSchema { Fields.Count: > 0 } => "struct",
        ScalarSchema scalar => scalar.Type.ToString(),
        _ => "any",
    };

    private static Schema Below(Schema schema) => schema switch
    {
        ListSchema list => list.Element,
        MapSchema map => map.Element,
        _ => schema,
    };

    private static string? Reference(JsonNode property) => (property as JsonObject)?["$ref"] is { } reference ? ((string)reference!).Split('/')[^1] : null;

    private static void Check(bool isRight, string problem, List<string> problems)
    {
        if (!isRight)
        {
            problems.Add(problem);
        }
    }
}
