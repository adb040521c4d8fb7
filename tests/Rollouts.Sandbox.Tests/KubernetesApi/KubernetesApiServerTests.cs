using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Sandbox.KubernetesApi;

namespace Rollouts.Sandbox.Tests.KubernetesApi;

/// <summary>What is the stand-in's own; what it shares with the real server is in the contract suite of Rollouts.Kubernetes.Tests.</summary>
public sealed class KubernetesApiServerTests
{
    private const string Namespace = "default";

    private static readonly KubernetesKind Widgets = new("example.com", "v1", "widgets", "Widget");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Default_ListensOnLoopbackWithTheUsualNamespaces()
    {
        await using var server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);
        using var client = new k8s.Kubernetes(server.ClientConfiguration());

        var namespaces = await client.ListNamespaceAsync(cancellationToken: Cancellation);

        Assert.Equal("127.0.0.1", server.Address.Host);
        Assert.Equal(["default", "kube-node-lease", "kube-public", "kube-system"], namespaces.Items.Select(n => n.Metadata.Name));
    }

    [Fact]
    public async Task KubeConfigYaml_WithToken_LeadsAClientHere()
    {
        await using var server = await KubernetesApiServer.StartAsync(
            new() { Tokens = new Dictionary<string, KubernetesUser> { ["secret"] = new("ann", "system:masters") } }, Cancellation);
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(server.KubeConfigYaml("secret")));
        using var anonymous = new k8s.Kubernetes(server.ClientConfiguration());
        using var client = new k8s.Kubernetes(await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(file));

        await client.ListNamespacedIngressAsync(Namespace, cancellationToken: Cancellation);
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() =>
            anonymous.ListNamespacedIngressAsync(Namespace, cancellationToken: Cancellation));

        Assert.Equal("ann", server.Calls[0].User);
        Assert.Contains("User \\\"system:anonymous\\\" cannot list resource", refusal.Response.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteNamespace_HeldContent_GoesWhenThatIsReleased()
    {
        await using var server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);
        using var client = new k8s.Kubernetes(server.ClientConfiguration());
        await client.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = "team" } }, cancellationToken: Cancellation);
        var held = Map("held");
        held.Metadata.Finalizers = ["example.com/hold"];
        await client.CreateNamespacedConfigMapAsync(held, "team", cancellationToken: Cancellation);
        await client.CreateNamespacedConfigMapAsync(Map("free"), "team", cancellationToken: Cancellation);

        await client.DeleteNamespaceAsync("team", cancellationToken: Cancellation);
        var left = await client.ListNamespacedConfigMapAsync("team", cancellationToken: Cancellation);
        var terminating = await client.ReadNamespaceAsync("team", cancellationToken: Cancellation);
        await client.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"metadata":{"finalizers":null}}""", V1Patch.PatchType.MergePatch), "held", "team", cancellationToken: Cancellation);

        Assert.Equal(["held"], left.Items.Select(m => m.Metadata.Name));
        Assert.Equal("Terminating", terminating.Status.Phase);
        var gone = await Assert.ThrowsAsync<HttpOperationException>(() => client.ReadNamespaceAsync("team", cancellationToken: Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, gone.Response.StatusCode);
    }

    [Fact]
    public async Task Dispose_OpenWatch_EndsIt()
    {
        var server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);
        using var client = new k8s.Kubernetes(server.ClientConfiguration());
        var seen = new TaskCompletionSource();
        var watch = Task.Run(
            async () =>
            {
                await foreach (var _ in client.CoreV1.WatchListNamespaceAsync(cancellationToken: Cancellation))
                {
                    seen.TrySetResult();
                }
            },
            Cancellation);
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        await server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        var end = await Record.ExceptionAsync(() => watch.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        Assert.True(end is null or HttpRequestException or IOException, $"{end}");
    }

    [Fact]
    public async Task Watch_FromAForgottenVersion_IsGone()
    {
        await using var server = await KubernetesApiServer.StartAsync(new() { WatchHistory = 3 }, Cancellation);
        using var client = new k8s.Kubernetes(server.ClientConfiguration());
        var first = await client.CreateNamespacedConfigMapAsync(Map("m0"), Namespace, cancellationToken: Cancellation);
        for (var i = 1; i < 6; i++)
        {
            await client.CreateNamespacedConfigMapAsync(Map($"m{i}"), Namespace, cancellationToken: Cancellation);
        }

        var gone = await Assert.ThrowsAsync<KubernetesException>(async () =>
        {
            Exception? error = null;
            await foreach (var _ in client.CoreV1.WatchListNamespacedConfigMapAsync(
                Namespace, resourceVersion: first.Metadata.ResourceVersion, onError: e => error = e, cancellationToken: Cancellation))
            {
            }

            throw error ?? new InvalidOperationException("The watch ended without an error.");
        });

        Assert.Equal(410, gone.Status.Code);
        Assert.Equal("Expired", gone.Status.Reason);
        Assert.StartsWith($"too old resource version: {first.Metadata.ResourceVersion} (", gone.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_Bookmarks_ComeAtTheirInterval()
    {
        var time = new FakeTimeProvider();
        await using var server = await KubernetesApiServer.StartAsync(new() { TimeProvider = time, BookmarkInterval = TimeSpan.FromMinutes(1) }, Cancellation);
        using var client = new k8s.Kubernetes(server.ClientConfiguration());
        var list = await client.ListNamespacedConfigMapAsync(Namespace, cancellationToken: Cancellation);
        await using var events = client.CoreV1.WatchListNamespacedConfigMapAsync(
            Namespace, resourceVersion: list.Metadata.ResourceVersion, fieldSelector: "metadata.name=none", allowWatchBookmarks: true, cancellationToken: Cancellation)
            .GetAsyncEnumerator(Cancellation);
        var next = events.MoveNextAsync().AsTask();
        var created = await client.CreateNamespacedConfigMapAsync(Map("other"), Namespace, cancellationToken: Cancellation);

        while (!next.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        }

        Assert.True(await next);
        Assert.Equal(WatchEventType.Bookmark, events.Current.Item1);
        Assert.Equal(created.Metadata.ResourceVersion, events.Current.Item2.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Create_UnderItsOwnClock_StampsThatTime()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 2, 3, 4, 5, 6, TimeSpan.Zero));
        await using var server = await KubernetesApiServer.StartAsync(new() { TimeProvider = time }, Cancellation);
        using var client = new k8s.Kubernetes(server.ClientConfiguration());

        var created = await client.CreateNamespacedConfigMapAsync(Map("m"), Namespace, cancellationToken: Cancellation);

        Assert.Equal(time.GetUtcNow().UtcDateTime, created.Metadata.CreationTimestamp!.Value.ToUniversalTime());
    }

    [Fact]
    public async Task CustomKind_Registered_KeepsEveryFieldAndTakesNoStrategicPatch()
    {
        await using var server = await KubernetesApiServer.StartAsync(new() { Kinds = [Widgets] }, Cancellation);
        using var client = new k8s.Kubernetes(server.ClientConfiguration());
        var created = await client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonObject>(
            new JsonObject
            {
                ["apiVersion"] = "example.com/v1",
                ["kind"] = "Widget",
                ["metadata"] = new JsonObject { ["name"] = "w", ["noSuchField"] = 1 },
                ["spec"] = new JsonObject { ["anything"] = new JsonArray(1, "two", new JsonObject { ["x"] = true }) },
                ["status"] = new JsonObject { ["ignored"] = true },
            },
            "example.com", "v1", Namespace, "widgets", cancellationToken: Cancellation);

        var merged = await client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonObject>(
            new V1Patch("""{"spec":{"more":null,"size":3}}""", V1Patch.PatchType.MergePatch), "example.com", "v1", Namespace, "widgets", "w", cancellationToken: Cancellation);
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => client.CustomObjects.PatchNamespacedCustomObjectAsync<JsonObject>(
            new V1Patch("{}", V1Patch.PatchType.StrategicMergePatch), "example.com", "v1", Namespace, "widgets", "w", cancellationToken: Cancellation));
        merged["metadata"]!.AsObject().Remove("resourceVersion");
        var unversioned = await Assert.ThrowsAsync<HttpOperationException>(() => client.CustomObjects.ReplaceNamespacedCustomObjectAsync<JsonObject>(
            merged.DeepClone(), "example.com", "v1", Namespace, "widgets", "w", cancellationToken: Cancellation));

        Assert.Equal("""[1,"two",{"x":true}]""", created["spec"]!["anything"]!.ToJsonString());
        Assert.Null(created["metadata"]!["noSuchField"]);
        Assert.Null(created["status"]);
        Assert.Equal(3, (int)merged["spec"]!["size"]!);
        Assert.Equal(2, (int)merged["metadata"]!["generation"]!);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refusal.Response.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unversioned.Response.StatusCode);
    }

    [Fact]
    public async Task Start_KindTwice_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => KubernetesApiServer.StartAsync(new() { Kinds = [Widgets, Widgets] }, Cancellation));

    [Fact]
    public async Task Apply_Yaml_IsRead()
    {
        const string yaml = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: m
            data:
              quoted: "1"
              plain: text
              block: |
                two
                lines
            """;
        await using var server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);

        using var answer = await SendAsync(
            server, HttpMethod.Patch, "/api/v1/namespaces/default/configmaps/m?fieldManager=tests", yaml, "application/apply-patch+yaml");
        var value = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("1", (string?)value["data"]!["quoted"]);
        Assert.Equal("two\nlines", ((string?)value["data"]!["block"])!.TrimEnd());
    }

    [Theory]
    [InlineData("{nonsense", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("""{"kind":"Service","apiVersion":"v1","metadata":{"name":"m"}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"metadata":{"name":"m"},"metadata":{"name":"n"}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"metadata":{"name":["m"]}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"metadata":{"name":"m"},"data":{"a":1}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"metadata":{"name":"m"},"immutable":"yes"}""", HttpStatusCode.BadRequest)]
    public async Task Create_BodyThatIsNoObjectOfTheKind_IsRefused(string body, HttpStatusCode code)
    {
        await using var server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);

        using var answer = await SendAsync(server, HttpMethod.Post, "/api/v1/namespaces/default/configmaps", body, "application/json");

        Assert.Equal(code, answer.StatusCode);
        Assert.Equal((int)code, (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!["code"]!);
    }

    [Fact]
    public async Task Create_BodyOverThreeMebibytes_IsTooLarge()
    {
        await using var server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);

        using var answer = await SendAsync(
            server, HttpMethod.Post, "/api/v1/namespaces/default/configmaps", new string(' ', (3 * 1024 * 1024) + 1), "application/json");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Create_DeeplyNestedBody_IsRefused()
    {
        await using var server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);

        using var answer = await SendAsync(
            server, HttpMethod.Post, "/api/v1/namespaces/default/configmaps", new string('[', 100_000), "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/healthz", "ok")]
    [InlineData("/readyz", "ok")]
    [InlineData("/livez", "ok")]
    public async Task Health_Asked_IsOk(string path, string text)
    {
        await using var server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);

        using var answer = await SendAsync(server, HttpMethod.Get, path);

        Assert.Equal(text, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/default/pods/p/log", 404)]
    [InlineData("GET", "/apis/apps/v1/namespaces/default/deployments/d/scale", 404)]
    [InlineData("GET", "/api/v1/namespaces/default/namespaces/x", 404)]
    [InlineData("GET", "/api/v1/configmaps/m", 404)]
    [InlineData("GET", "/elsewhere", 404)]
    [InlineData("POST", "/api/v1/namespaces/default/configmaps/m", 405)]
    [InlineData("PATCH", "/api/v1/namespaces/default/configmaps", 405)]
    [InlineData("PUT", "/api/v1/namespaces/default/configmaps", 405)]
    [InlineData("DELETE", "/apis/networking.k8s.io/v1/namespaces/default/ingresses/i/status", 405)]
    public async Task Path_ThatIsNotServed_IsRefused(string method, string path, int code)
    {
        await using var server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);

        using var answer = await SendAsync(server, new(method), path);

        Assert.Equal(code, (int)answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        KubernetesApiServer server, HttpMethod method, string path, string? body = null, string mediaType = "application/json")
    {
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(10) };
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, mediaType);
        return await http.SendAsync(request, Cancellation);
    }

    private static V1ConfigMap Map(string name) => new() { Metadata = new() { Name = name } };
}
