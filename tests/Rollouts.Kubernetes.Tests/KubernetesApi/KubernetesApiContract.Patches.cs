using System.Net;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Strategic merge patches and JSON patches.</summary>
public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task StrategicPatch_Annotations_MergesTheMap()
    {
        await Client.CreateNamespacedIngressAsync(Annotated(("kept", "1"), ("removed", "1")), Namespace, cancellationToken: Cancellation);

        var patched = await Client.PatchNamespacedIngressAsync(
            Samples.Strategic("""{"metadata":{"annotations":{"removed":null,"added":"2"}}}"""), "app", Namespace, cancellationToken: Cancellation);

        Assert.Equal(["added", "kept"], patched.Metadata.Annotations.Keys.Order());
    }

    [Fact]
    public async Task StrategicPatch_RulesOfAnIngress_ReplacesTheList()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var patched = await Client.PatchNamespacedIngressAsync(
            Samples.Strategic("""{"spec":{"rules":[{"host":"new.example.com"}]}}"""), "app", Namespace, cancellationToken: Cancellation);

        Assert.Equal(["new.example.com"], patched.Spec.Rules.Select(r => r.Host));
    }

    [Fact]
    public async Task StrategicPatch_Containers_MergesByName()
    {
        await Client.CreateNamespacedDeploymentAsync(Samples.Deployment("app"), Namespace, cancellationToken: Cancellation);

        var imaged = await PatchContainersAsync("""{"name":"main","image":"registry.example.com/app:2","env":[{"name":"A","value":"1"}]}""");
        var added = await PatchContainersAsync("""{"name":"sidecar","image":"registry.example.com/sidecar:1"}""");
        var valued = await PatchContainersAsync("""{"name":"main","env":[{"name":"B","value":"2"},{"name":"A","value":"3"}]}""");
        var removed = await PatchContainersAsync("""{"name":"sidecar","$patch":"delete"}""");

        Assert.Equal("registry.example.com/app:2", imaged.Spec.Template.Spec.Containers.Single().Image);
        Assert.Equal(8080, imaged.Spec.Template.Spec.Containers.Single().Ports.Single().ContainerPort);
        Assert.Equal(["sidecar", "main"], added.Spec.Template.Spec.Containers.Select(c => c.Name));
        Assert.Equal(
            [("B", "2"), ("A", "3")], valued.Spec.Template.Spec.Containers.Single(c => c.Name == "main").Env.Select(e => (e.Name, e.Value)));
        Assert.Equal(["main"], removed.Spec.Template.Spec.Containers.Select(c => c.Name));
        Assert.Equal(5, removed.Metadata.Generation);
    }

    [Fact]
    public async Task StrategicPatch_Directives_ReplaceAndOrder()
    {
        await Client.CreateNamespacedDeploymentAsync(Samples.Deployment("app"), Namespace, cancellationToken: Cancellation);
        await PatchContainersAsync("""{"name":"sidecar","image":"registry.example.com/sidecar:1"}""");

        var ordered = await Client.PatchNamespacedDeploymentAsync(
            Samples.Strategic("""{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"main"},{"name":"sidecar"}]}}}}"""),
            "app",
            Namespace,
            cancellationToken: Cancellation);
        var replaced = await Client.PatchNamespacedDeploymentAsync(
            Samples.Strategic("""{"spec":{"template":{"spec":{"containers":[{"$patch":"replace"},{"name":"only","image":"registry.example.com/only:1"}]}}}}"""),
            "app",
            Namespace,
            cancellationToken: Cancellation);

        Assert.Equal(["main", "sidecar"], ordered.Spec.Template.Spec.Containers.Select(c => c.Name));
        Assert.Equal(["only"], replaced.Spec.Template.Spec.Containers.Select(c => c.Name));
    }

    [Fact]
    public async Task StrategicPatch_Finalizers_AddsAndDeletesValues()
    {
        var map = Samples.ConfigMap("app");
        map.Metadata.Finalizers = ["example.com/a"];
        await Client.CreateNamespacedConfigMapAsync(map, Namespace, cancellationToken: Cancellation);

        var added = await Client.PatchNamespacedConfigMapAsync(
            Samples.Strategic("""{"metadata":{"finalizers":["example.com/b"]}}"""), "app", Namespace, cancellationToken: Cancellation);
        var removed = await Client.PatchNamespacedConfigMapAsync(
            Samples.Strategic("""{"metadata":{"$deleteFromPrimitiveList/finalizers":["example.com/a","example.com/b"]}}"""),
            "app",
            Namespace,
            cancellationToken: Cancellation);

        Assert.Equal(["example.com/a", "example.com/b"], added.Metadata.Finalizers.Order());
        Assert.Null(removed.Metadata.Finalizers);
    }

    [Fact]
    public async Task StrategicPatch_StaleVersion_IsConflict()
    {
        var stale = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        await PatchAsync("""{"metadata":{"annotations":{"a":"1"}}}""");
        var patch = new V1Ingress
        {
            Metadata = new() { ResourceVersion = stale.Metadata.ResourceVersion, Annotations = new Dictionary<string, string> { ["a"] = "2" } },
        };

        await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () => Client.PatchNamespacedIngressAsync(
            Samples.Strategic(KubernetesJson.Serialize(patch)), "app", Namespace, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task JsonPatch_Operations_AreAppliedInOrder()
    {
        await Client.CreateNamespacedIngressAsync(Annotated(("example.com/a", "1"), ("b", "1")), Namespace, cancellationToken: Cancellation);

        var patched = await JsonPatchAsync("""
            [{"op":"test","path":"/metadata/annotations/b","value":"1"},
             {"op":"replace","path":"/metadata/annotations/example.com~1a","value":"2"},
             {"op":"remove","path":"/metadata/annotations/b"},
             {"op":"copy","from":"/metadata/annotations/example.com~1a","path":"/metadata/annotations/c"},
             {"op":"add","path":"/spec/rules/0","value":{"host":"first.example.com"}},
             {"op":"add","path":"/spec/rules/-","value":{"host":"last.example.com"}}]
            """);

        Assert.Equal([("c", "2"), ("example.com/a", "2")], patched.Metadata.Annotations.Select(a => (a.Key, a.Value)).Order());
        Assert.Equal(["first.example.com", "app.example.com", "last.example.com"], patched.Spec.Rules.Select(r => r.Host));
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/metadata/annotations/a","value":"other"}]""")]
    [InlineData("""[{"op":"remove","path":"/metadata/annotations/none"}]""")]
    public async Task JsonPatch_ThatDoesNotFit_IsInvalid(string operations)
    {
        await Client.CreateNamespacedIngressAsync(Annotated(("a", "1")), Namespace, cancellationToken: Cancellation);

        await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => JsonPatchAsync(operations));
    }

    private Task<V1Ingress> JsonPatchAsync(string operations) =>
        Client.PatchNamespacedIngressAsync(Samples.Json(operations), "app", Namespace, cancellationToken: Cancellation);

    private Task<V1Deployment> PatchContainersAsync(string container) => Client.PatchNamespacedDeploymentAsync(
        Samples.Strategic("""{"spec":{"template":{"spec":{"containers":[""" + container + "]}}}}"), "app", Namespace, cancellationToken: Cancellation);
}
