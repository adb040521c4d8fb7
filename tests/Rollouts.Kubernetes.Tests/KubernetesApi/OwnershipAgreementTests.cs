using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>
/// The same random writes of several managers to the real server and to the stand-in: after each of them both hold the same object
/// with the same owners of its fields, or both refuse it with the same conflicts.
/// </summary>
public sealed class OwnershipAgreementTests(SandboxCluster sandbox, RealCluster real) : IAsyncLifetime
{
    private const int Walks = 5;
    private const int Writes = 40;
    private static readonly string[] Managers = ["ann", "bob", "cay"];
    private static readonly string[] Keys = ["k1", "k2", "k3"];

    private readonly List<(k8s.Kubernetes Client, string Namespace)> servers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds(int first) => [.. Enumerable.Range(first, Walks)];

    public async ValueTask InitializeAsync()
    {
        foreach (var cluster in (ITestCluster[])[sandbox, real])
        {
            var client = await cluster.AdminAsync();
            servers.Add((client, await client.CreateTestNamespaceAsync(Cancellation)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (client, ns) in servers)
        {
            await client.DeleteNamespaceAsync(ns, cancellationToken: CancellationToken.None);
            client.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Seeds), 1)]
    public async Task ConfigMap_RandomWrites_AreOwnedAlike(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Writes; i++)
        {
            var (patch, manager, force) = random.Next(3) == 0
                ? (Samples.Merge(Changes(random).ToJsonString()), Pick(random, Managers), (bool?)null)
                : (Samples.Apply(Configuration(random).ToJsonString()), Pick(random, Managers), random.Next(2) == 0);
            await AgreeAsync(
                $"seed {seed}, write {i}, {patch.Type} by {manager}: {patch.Content}",
                (client, ns) => client.CoreV1.PatchNamespacedConfigMapWithHttpMessagesAsync(
                    patch, "app", ns, fieldManager: manager, force: force, cancellationToken: Cancellation),
                isExact: true);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds), 1001)]
    public async Task Deployment_RandomWrites_AreOwnedAlike(int seed)
    {
        var random = new Random(seed);
        foreach (var (client, ns) in servers)
        {
            await client.CreateNamespacedDeploymentAsync(Samples.Deployment("app"), ns, fieldManager: "creator", cancellationToken: Cancellation);
        }

        for (var i = 0; i < Writes; i++)
        {
            var spec = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = Containers(random) } } };
            var body = new JsonObject { ["spec"] = spec };
            var isApply = random.Next(3) > 0;
            if (isApply)
            {
                (body["apiVersion"], body["kind"], body["metadata"]) = ("apps/v1", "Deployment", new JsonObject { ["name"] = "app" });
            }

            var patch = isApply ? Samples.Apply(body.ToJsonString()) : Samples.Strategic(body.ToJsonString());
            var (manager, force) = (Pick(random, Managers), isApply ? random.Next(2) == 0 : (bool?)null);
            await AgreeAsync(
                $"seed {seed}, write {i}, {patch.Type} by {manager}, force {force}: {patch.Content}",
                (client, ns) => client.AppsV1.PatchNamespacedDeploymentWithHttpMessagesAsync(
                    patch, "app", ns, fieldManager: manager, force: force, cancellationToken: Cancellation),
                isExact: false);
        }
    }

    private async Task AgreeAsync<T>(string what, Func<k8s.Kubernetes, string, Task<HttpOperationResponse<T>>> write, bool isExact)
    {
        var answers = new List<string>();
        foreach (var (client, ns) in servers)
        {
            answers.Add(await AnswerAsync(() => write(client, ns), isExact));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{what}\n  {answers[0]}\n  {answers[1]}");
        Assert.True(answers[0] == answers[1], $"{what}\nstand-in: {answers[0]}\nreal:     {answers[1]}");
    }

    private static async Task<string> AnswerAsync<T>(Func<Task<HttpOperationResponse<T>>> write, bool isExact)
    {
        try
        {
            using var written = await write();
            var value = JsonNode.Parse(KubernetesJson.Serialize(written.Body))!.AsObject();
            var owners = (value["metadata"]?["managedFields"] as JsonArray ?? []).Select(e => Owner(e!, isExact)).Order(StringComparer.Ordinal);
            var content = new JsonObject();
            foreach (var field in (string[])["data", "spec"])
            {
                content[field] = value[field]?.DeepClone();
            }

            content["annotations"] = value["metadata"]?["annotations"]?.DeepClone();
            (content["spec"]?["template"]?["metadata"] as JsonObject)?.Remove("creationTimestamp");
            return $"{(int)written.Response.StatusCode} {Sorted(content)} {string.Join(' ', owners)}";
        }
        catch (HttpOperationException e)
        {
            var status = KubernetesJson.Deserialize<V1Status>(e.Response.Content);
            // The server of 1.20 repeats some fields of long lists of conflicts instead of naming others, so only managers are compared.
            var causes = (status.Details?.Causes ?? []).Select(c => $"{c.Reason} {c.Message}").Order(StringComparer.Ordinal);
            return $"{(int)e.Response.StatusCode} {status.Reason} {string.Join(", ", causes)}";
        }
    }

    private static string Owner(JsonNode entry, bool isExact)
    {
        var fields = entry["fieldsV1"]!.AsObject();
        if (!isExact)
        {
            RemoveDots(fields);
        }

        return $"{entry["manager"]}/{entry["operation"]}={Sorted(fields)}";
    }

    // The real server knows which structures of a pod are always there, so that nobody owns their being there.
    private static void RemoveDots(JsonObject fields)
    {
        fields.Remove(".");
        foreach (var child in fields.Select(f => f.Value).OfType<JsonObject>())
        {
            RemoveDots(child);
        }
    }

    private static string Sorted(JsonNode? value) => value switch
    {
        JsonObject fields => "{" + string.Join(',', fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}:{Sorted(f.Value)}")) + "}",
        JsonArray items => "[" + string.Join(',', items.Select(Sorted)) + "]",
        null => "null",
        _ => value.ToJsonString(),
    };

    private static JsonObject Configuration(Random random)
    {
        var configuration = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = "app" } };
        AddSome(configuration, "data", random, null);
        AddSome((JsonObject)configuration["metadata"]!, "annotations", random, null);
        return configuration;
    }

    private static JsonObject Changes(Random random)
    {
        var changes = new JsonObject { ["metadata"] = new JsonObject() };
        AddSome(changes, "data", random, 3);
        AddSome((JsonObject)changes["metadata"]!, "annotations", random, 3);
        return changes;
    }

    private static void AddSome(JsonObject into, string field, Random random, int? nullEvery)
    {
        var map = new JsonObject();
        foreach (var key in Keys.Where(_ => random.Next(2) == 0))
        {
            map[key] = nullEvery is { } n && random.Next(n) == 0 ? null : random.Next(3).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (map.Count > 0)
        {
            into[field] = map;
        }
    }

    private static JsonArray Containers(Random random)
    {
        var containers = new JsonArray();
        foreach (var name in new[] { "main", "one", "two" }.Where(_ => random.Next(2) == 0).DefaultIfEmpty("main"))
        {
            var container = new JsonObject { ["name"] = name, ["image"] = $"registry.example.com/app:{random.Next(2)}" };
            var variables = Keys.Where(_ => random.Next(2) == 0).Select(k => new JsonObject { ["name"] = k, ["value"] = $"v{random.Next(2)}" }).ToArray();
            if (variables.Length > 0)
            {
                container["env"] = new JsonArray([.. variables]);
            }

            containers.Add(container);
        }

        return containers;
    }

    private static T Pick<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];
}
