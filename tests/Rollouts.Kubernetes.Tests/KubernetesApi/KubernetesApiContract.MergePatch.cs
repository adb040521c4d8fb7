using System.Net;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>JSON merge patches.</summary>
public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task MergePatch_Annotations_SetsAndRemovesWhatItNames()
    {
        var ingress = Samples.Ingress("app");
        ingress.Metadata.Annotations = new Dictionary<string, string> { ["kept"] = "1", ["changed"] = "1", ["removed"] = "1" };
        await Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation);

        var patched = await PatchAsync("""{"metadata":{"annotations":{"changed":"2","removed":null,"added":"3"}}}""");

        Assert.Equal(
            new Dictionary<string, string> { ["kept"] = "1", ["changed"] = "2", ["added"] = "3" },
            patched.Metadata.Annotations.OrderByDescending(a => a.Key).ToDictionary());
        Assert.Equal(1, patched.Metadata.Generation);
    }

    [Fact]
    public async Task MergePatch_NothingNew_KeepsTheVersion()
    {
        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        var first = await PatchAsync("""{"metadata":{"annotations":{"a":"1"}}}""");
        var second = await PatchAsync("""{"metadata":{"annotations":{"a":"1"}}}""");

        Assert.NotEqual(created.Metadata.ResourceVersion, first.Metadata.ResourceVersion);
        Assert.Equal(first.Metadata.ResourceVersion, second.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task MergePatch_StaleVersion_IsConflict()
    {
        var stale = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        await PatchAsync("""{"metadata":{"annotations":{"a":"1"}}}""");

        var status = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () =>
            PatchAsync($$$$"""{"metadata":{"resourceVersion":"{{{{stale.Metadata.ResourceVersion}}}}","annotations":{"a":"2"}}}"""));

        Assert.Equal(
            "Operation cannot be fulfilled on ingresses.networking.k8s.io \"app\": the object has been modified; please apply your changes to the latest version and try again",
            status.Message);
    }

    [Fact]
    public async Task MergePatch_CurrentVersion_IsTaken()
    {
        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var patched = await PatchAsync($$$$"""{"metadata":{"resourceVersion":"{{{{created.Metadata.ResourceVersion}}}}","annotations":{"a":"2"}}}""");

        Assert.Equal("2", patched.Metadata.Annotations["a"]);
    }

    [Fact]
    public async Task MergePatch_AnnotationThatIsNoString_IsInvalid()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () =>
            PatchAsync("""{"metadata":{"annotations":{"a":1}}}"""));

        Assert.Equal(["patch"], status.Fields());
    }

    [Fact]
    public async Task MergePatch_UnknownField_IsDropped()
    {
        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var patched = await PatchAsync("""{"spec":{"noSuchField":1}}""");

        Assert.Equal(created.Metadata.ResourceVersion, patched.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task MergePatch_List_ReplacesItWhole()
    {
        var ingress = Samples.Ingress("app");
        ingress.Spec.Rules.Add(new() { Host = "second.example.com", Http = new() { Paths = [Samples.Path()] } });
        await Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation);

        var patched = await PatchAsync(
            """{"spec":{"rules":[{"host":"new.example.com","http":{"paths":[{"pathType":"ImplementationSpecific","backend":{"service":{"name":"x","port":{"name":"http"}}}}]}}]}}""");

        Assert.Equal(["new.example.com"], patched.Spec.Rules.Select(r => r.Host));
        Assert.Equal(2, patched.Metadata.Generation);
    }

    [Fact]
    public async Task MergePatch_OtherName_IsBadRequest()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        await Answers.RefusedAsync(HttpStatusCode.BadRequest, "BadRequest", () => PatchAsync("""{"metadata":{"name":"other"}}"""));
    }

    [Fact]
    public async Task MergePatch_OtherUid_IsInvalid()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => PatchAsync("""{"metadata":{"uid":"x"}}"""));

        Assert.Equal(["metadata.uid"], status.Fields());
    }

    [Fact]
    public async Task MergePatch_UnknownObject_IsNotFound() =>
        await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () => PatchAsync("""{"metadata":{"annotations":{"a":"2"}}}"""));

    [Fact]
    public async Task MergePatch_DryRun_StoresNothing()
    {
        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var shown = await Client.PatchNamespacedIngressAsync(
            Samples.Merge("""{"metadata":{"annotations":{"a":"2"}}}"""), "app", Namespace, dryRun: "All", cancellationToken: Cancellation);
        var stored = await Client.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation);

        Assert.Equal("2", shown.Metadata.Annotations["a"]);
        Assert.Null(stored.Metadata.Annotations);
        Assert.Equal(created.Metadata.ResourceVersion, stored.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task MergePatch_ByManyAtOnce_LosesNoChange()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        // The server retries a conflict with itself five times, so no more writers than that.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PatchAsync($$$$"""{"metadata":{"annotations":{"writer-{{{{i}}}}":"done"}}}""")));

        var stored = await Client.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation);
        Assert.Equal(4, stored.Metadata.Annotations.Count);
    }

    private Task<V1Ingress> PatchAsync(string json) =>
        Client.PatchNamespacedIngressAsync(Samples.Merge(json), "app", Namespace, cancellationToken: Cancellation);
}
