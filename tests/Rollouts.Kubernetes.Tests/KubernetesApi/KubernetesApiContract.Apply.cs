using System.Net;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Server-side apply.</summary>
public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task Apply_MissingObject_CreatesItForItsManager()
    {
        var created = await ApplyAsync("one", Annotated(("a", "1")));

        var entry = Assert.Single(created.Metadata.ManagedFields);
        Assert.Equal(1, created.Metadata.Generation);
        Assert.Equal("one", entry.Manager);
        Assert.Equal("Apply", entry.Operation);
        Assert.Equal("networking.k8s.io/v1", entry.ApiVersion);
        Assert.Equal(["one"], Managers(created, "metadata", "annotations", "a"));
        Assert.Equal(["one"], Managers(created, "spec", "rules"));
    }

    [Fact]
    public async Task Apply_Again_ChangesNothing()
    {
        var first = await ApplyAsync("one", Annotated(("a", "1")));
        var second = await ApplyAsync("one", Annotated(("a", "1")));

        Assert.Equal(first.Metadata.ResourceVersion, second.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Apply_FieldLeftOut_IsRemovedWhenNobodyElseOwnsIt()
    {
        await ApplyAsync("one", Annotated(("mine", "1"), ("shared", "1")));
        await ApplyAsync("two", Annotated(("shared", "1")));

        var left = await ApplyAsync("one", Annotated(("other", "1")));

        Assert.Equal(["other", "shared"], left.Metadata.Annotations.Keys.Order());
        Assert.Equal(["two"], Managers(left, "metadata", "annotations", "shared"));
    }

    [Fact]
    public async Task Apply_LastFieldOfAMap_RemovesTheMap()
    {
        await ApplyAsync("one", Annotated(("a", "1")));

        var left = await ApplyAsync("one", Annotated());

        Assert.Null(left.Metadata.Annotations);
    }

    [Fact]
    public async Task Apply_FieldOfAnotherApplier_ConflictsUntilForced()
    {
        await ApplyAsync("one", Annotated(("a", "1")));

        var status = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () => ApplyAsync("two", Annotated(("a", "2"))));
        var forced = await ApplyAsync("two", Annotated(("a", "2")), force: true);
        var taken = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () => ApplyAsync("one", Annotated(("a", "1"))));

        Assert.Equal("Apply failed with 1 conflict: conflict with \"one\": .metadata.annotations.a", status.Message);
        var cause = Assert.Single(status.Details.Causes);
        Assert.Equal("FieldManagerConflict", cause.Reason);
        Assert.Equal("conflict with \"one\"", cause.Message);
        Assert.Equal(".metadata.annotations.a", cause.Field);
        Assert.Equal("2", forced.Metadata.Annotations["a"]);
        Assert.Equal(["two"], Managers(forced, "metadata", "annotations", "a"));
        Assert.Contains("conflict with \"two\"", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_SameValueAsAnother_SharesTheField()
    {
        await ApplyAsync("one", Annotated(("a", "1")));

        var shared = await ApplyAsync("two", Annotated(("a", "1")));

        Assert.Equal(["one", "two"], Managers(shared, "metadata", "annotations", "a"));
    }

    [Fact]
    public async Task Apply_FieldOfAMergePatch_ConflictsWithThatClient()
    {
        await ApplyAsync("one", Annotated(("a", "1")));
        var patched = await Client.PatchNamespacedIngressAsync(
            Samples.Merge("""{"metadata":{"annotations":{"a":"2","b":"2"}}}"""), "app", Namespace, fieldManager: "patcher", cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () => ApplyAsync("one", Annotated(("a", "3"), ("b", "3"))));

        Assert.Equal(["patcher"], Managers(patched, "metadata", "annotations", "a"));
        Assert.StartsWith("Apply failed with 2 conflicts: conflicts with \"patcher\" using networking.k8s.io/v1", status.Message, StringComparison.Ordinal);
        Assert.Equal([".metadata.annotations.a", ".metadata.annotations.b"], status.Details.Causes.Select(c => c.Field).Order());
    }

    [Fact]
    public async Task Apply_ForeignAnnotation_IsKept()
    {
        await ApplyAsync("one", Annotated(("a", "1")));
        await PatchAsync("""{"metadata":{"annotations":{"foreign":"kept"}}}""");

        var applied = await ApplyAsync("one", Annotated(("a", "2")));

        Assert.Equal("kept", applied.Metadata.Annotations["foreign"]);
        Assert.Equal("2", applied.Metadata.Annotations["a"]);
    }

    [Fact]
    public async Task Update_WithoutFieldManager_IsNamedByTheUserAgent()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var patched = await Client.PatchNamespacedIngressAsync(
            Samples.Merge("""{"metadata":{"annotations":{"a":"2"}}}"""), "app", Namespace, fieldManager: "patcher", cancellationToken: Cancellation);

        Assert.All(patched.Metadata.ManagedFields, e => Assert.Equal("Update", e.Operation));
        Assert.Equal(2, patched.Metadata.ManagedFields.Count);
        Assert.Contains(patched.Metadata.ManagedFields, e => e.Manager != "patcher" && !string.IsNullOrEmpty(e.Manager));
    }

    [Fact]
    public async Task Apply_WithoutFieldManager_IsInvalid()
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => Client.PatchNamespacedIngressAsync(
            Samples.Apply(Annotated()), "app", Namespace, cancellationToken: Cancellation));

        Assert.Equal(["fieldManager"], status.Fields());
    }

    [Fact]
    public async Task Apply_UndeclaredField_NamesIt()
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.InternalServerError, null, () => Client.PatchNamespacedIngressAsync(
            Samples.Apply("""{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"app"},"spec":{"noSuchField":1}}"""),
            "app",
            Namespace,
            fieldManager: "one",
            cancellationToken: Cancellation));

        Assert.StartsWith("failed to create typed patch object", status.Message, StringComparison.Ordinal);
        Assert.Contains(".spec.noSuchField: field not declared in schema", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_StaleVersion_IsConflict()
    {
        var first = await ApplyAsync("one", Annotated(("a", "1")));
        await PatchAsync("""{"metadata":{"annotations":{"b":"1"}}}""");
        var stale = Annotated(("a", "2"));
        stale.Metadata.ResourceVersion = first.Metadata.ResourceVersion;

        var status = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () => ApplyAsync("one", stale));

        Assert.Contains("the object has been modified", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_ManagedFieldsInTheConfiguration_IsBadRequest()
    {
        var configuration = Annotated();
        configuration.Metadata.ManagedFields = [new() { Manager = "one", Operation = "Apply", ApiVersion = "networking.k8s.io/v1" }];

        var status = await Answers.RefusedAsync(HttpStatusCode.BadRequest, "BadRequest", () => ApplyAsync("one", configuration));

        Assert.Equal("metadata.managedFields must be nil", status.Message);
    }

    [Fact]
    public async Task Apply_DryRun_StoresNothing()
    {
        var first = await ApplyAsync("one", Annotated(("a", "1")));

        var shown = await Client.PatchNamespacedIngressAsync(
            Samples.Apply(Annotated(("a", "2"))), "app", Namespace, fieldManager: "one", dryRun: "All", cancellationToken: Cancellation);
        var stored = await Client.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation);

        Assert.Equal("2", shown.Metadata.Annotations["a"]);
        Assert.Equal(first.Metadata.ResourceVersion, stored.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Apply_ListsByKey_MergesContainersOfTwoManagers()
    {
        await ApplyDeploymentAsync("one", """{"name":"main","image":"registry.example.com/app:1","ports":[{"containerPort":8080,"protocol":"TCP"}]}""");

        var both = await ApplyDeploymentAsync("two", """{"name":"sidecar","image":"registry.example.com/sidecar:1"}""", withSelector: false);
        var conflict = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () =>
            ApplyDeploymentAsync("two", """{"name":"main","image":"registry.example.com/app:2"}""", withSelector: false));
        var one = await ApplyDeploymentAsync("two", """{"name":"other","image":"registry.example.com/sidecar:1"}""", withSelector: false);

        Assert.Equal(["main", "sidecar"], both.Spec.Template.Spec.Containers.Select(c => c.Name));
        Assert.Equal([".spec.template.spec.containers[name=\"main\"].image"], conflict.Fields());
        Assert.Equal(["main", "other"], one.Spec.Template.Spec.Containers.Select(c => c.Name));
    }

    private async Task<V1Deployment> ApplyDeploymentAsync(string manager, string container, bool withSelector = true)
    {
        var selector = withSelector ? """ "selector":{"matchLabels":{"app":"app"}}, """ : "";
        var labels = withSelector ? """ "metadata":{"labels":{"app":"app"}}, """ : "";
        var configuration = $$"""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app"},"spec":{ {{selector}}"template":{ {{labels}}"spec":{"containers":[{{container}}]} } } }
            """;
        return await Client.PatchNamespacedDeploymentAsync(
            Samples.Apply(configuration), "app", Namespace, fieldManager: manager, cancellationToken: Cancellation);
    }

    private Task<V1Ingress> ApplyAsync(string manager, V1Ingress configuration, bool? force = null) => Client.PatchNamespacedIngressAsync(
        Samples.Apply(configuration), "app", Namespace, fieldManager: manager, force: force, cancellationToken: Cancellation);

    private static V1Ingress Annotated(params IReadOnlyCollection<(string Key, string Value)> annotations)
    {
        var ingress = Samples.Ingress("app");
        ingress.Metadata.Annotations = annotations.Count == 0 ? null : annotations.ToDictionary(a => a.Key, a => a.Value);
        return ingress;
    }

    // Who owns a field, by the managed fields of the object.
    private static IEnumerable<string> Managers(V1Ingress ingress, params string[] path)
    {
        foreach (var entry in ingress.Metadata.ManagedFields.OrderBy(e => e.Manager, StringComparer.Ordinal))
        {
            var fields = System.Text.Json.JsonSerializer.SerializeToNode(entry.FieldsV1);
            if (path.Aggregate(fields, (at, step) => at?["f:" + step]) is not null)
            {
                yield return entry.Manager;
            }
        }
    }
}
