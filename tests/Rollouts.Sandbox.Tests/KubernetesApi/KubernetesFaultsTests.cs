using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rollouts.Sandbox.KubernetesApi;

namespace Rollouts.Sandbox.Tests.KubernetesApi;

public sealed class KubernetesFaultsTests : IAsyncLifetime
{
    private const string Namespace = "default";

    private KubernetesApiServer server = null!;
    private k8s.Kubernetes client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await KubernetesApiServer.StartAsync(cancellation: Cancellation);
        client = new(server.ClientConfiguration());
        await client.CreateNamespacedConfigMapAsync(Map("app"), Namespace, cancellationToken: Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Conflict_ForPatches_HitsTheNextPatchOnly()
    {
        server.Faults.Add(c => c.Verb == "patch" && c.Name == "app", KubernetesFault.Conflict);

        await ReadAsync();
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => PatchAsync("1"));
        var patched = await PatchAsync("2");

        Assert.Equal(HttpStatusCode.Conflict, refusal.Response.StatusCode);
        Assert.Equal("Conflict", KubernetesJson.Deserialize<V1Status>(refusal.Response.Content).Reason);
        Assert.Equal("2", patched.Data["key"]);
        Assert.Equal(0, server.Faults.Remaining);
    }

    [Fact]
    public async Task TooManyRequests_TwoTimes_SaysWhenToRetry()
    {
        server.Faults.Add(c => c.Verb == "get", KubernetesFault.TooManyRequests(TimeSpan.FromSeconds(1.5)), times: 2);

        var refusals = new[] { await Refused(ReadAsync), await Refused(ReadAsync) };
        await ReadAsync();

        Assert.All(refusals, r => Assert.Equal(HttpStatusCode.TooManyRequests, r.Response.StatusCode));
        Assert.All(refusals, r => Assert.Equal(["2"], r.Response.Headers["Retry-After"]));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task ServerError_Get_IsAnswered(HttpStatusCode code)
    {
        server.Faults.Add(c => c.Verb == "get", code == HttpStatusCode.InternalServerError ? KubernetesFault.InternalError : KubernetesFault.Unavailable);

        var refusal = await Refused(ReadAsync);

        Assert.Equal(code, refusal.Response.StatusCode);
    }

    [Fact]
    public async Task Reset_Patch_IsNotPerformed()
    {
        server.Faults.Add(c => c.IsWrite, KubernetesFault.Reset);

        await Assert.ThrowsAsync<HttpRequestException>(() => PatchAsync("1"));

        Assert.Equal("0", (await ReadAsync()).Data["key"]);
    }

    [Fact]
    public async Task LostAnswer_Patch_IsPerformed()
    {
        server.Faults.Add(c => c.IsWrite, KubernetesFault.LostAnswer);

        await Assert.ThrowsAsync<HttpRequestException>(() => PatchAsync("1"));

        Assert.Equal("1", (await ReadAsync()).Data["key"]);
    }

    [Fact]
    public async Task LostAnswer_OfARefusal_IsLostToo()
    {
        server.Faults.Add(c => c.Verb == "get", KubernetesFault.LostAnswer);

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.ReadNamespacedConfigMapAsync("none", Namespace, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task NoAnswer_Patch_EndsWhenTheCallerGivesUp()
    {
        server.Faults.Add(c => c.IsWrite, KubernetesFault.NoAnswer);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PatchNamespacedConfigMapAsync(
            Patch("1"), "app", Namespace, cancellationToken: limit.Token));

        Assert.Equal("0", (await ReadAsync()).Data["key"]);
    }

    [Fact]
    public async Task Delay_Patch_IsPerformedLater()
    {
        server.Faults.Add(c => c.IsWrite, KubernetesFault.Delay(TimeSpan.FromMilliseconds(300)));

        var patch = PatchAsync("1");
        var before = await ReadAsync();
        await patch;

        Assert.Equal("0", before.Data["key"]);
        Assert.Equal("1", (await ReadAsync()).Data["key"]);
    }

    [Fact]
    public async Task After_AnotherWriterBetweenReadAndWrite_MakesARealConflict()
    {
        var read = await ReadAsync();
        using var other = new k8s.Kubernetes(server.ClientConfiguration());
        server.Faults.Add(
            c => c.Verb == "update",
            KubernetesFault.After(end => other.PatchNamespacedConfigMapAsync(Patch("other"), "app", Namespace, cancellationToken: end)));
        read.Data["key"] = "mine";

        var refusal = await Refused(() => client.ReplaceNamespacedConfigMapAsync(read, "app", Namespace, cancellationToken: Cancellation));

        Assert.Equal(HttpStatusCode.Conflict, refusal.Response.StatusCode);
        Assert.Equal("other", (await ReadAsync()).Data["key"]);
    }

    [Fact]
    public async Task Clear_LeftFaults_DoNotHappen()
    {
        server.Faults.Add(_ => true, KubernetesFault.InternalError, times: 5);
        server.Faults.Clear();

        await ReadAsync();

        Assert.Equal(0, server.Faults.Remaining);
    }

    [Fact]
    public async Task Calls_OfAClient_AreKeptInOrder()
    {
        await PatchAsync("1");
        await ReadAsync();

        Assert.Equal(
            [
                new("create", "configmaps", Namespace, "", "", "system:sandbox", "application/json"),
                new("patch", "configmaps", Namespace, "app", "", "system:sandbox", "application/merge-patch+json"),
                new KubernetesCall("get", "configmaps", Namespace, "app", "", "system:sandbox", ""),
            ],
            server.Calls);
    }

    private static async Task<HttpOperationException> Refused(Func<Task> call) => await Assert.ThrowsAsync<HttpOperationException>(call);

    private static V1ConfigMap Map(string name) =>
        new() { Metadata = new() { Name = name }, Data = new Dictionary<string, string> { ["key"] = "0" } };

    private static V1Patch Patch(string value) => new("{\"data\":{\"key\":\"" + value + "\"}}", V1Patch.PatchType.MergePatch);

    private Task<V1ConfigMap> ReadAsync() => client.ReadNamespacedConfigMapAsync("app", Namespace, cancellationToken: Cancellation);

    private Task<V1ConfigMap> PatchAsync(string value) =>
        client.PatchNamespacedConfigMapAsync(Patch(value), "app", Namespace, cancellationToken: Cancellation);
}
