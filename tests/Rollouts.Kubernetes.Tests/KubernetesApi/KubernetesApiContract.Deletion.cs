using System.Net;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Deleting objects, collections and namespaces.</summary>
public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task Delete_ExistingObject_IsGoneAndAnswersItsUid()
    {
        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var status = await Client.DeleteNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation);

        Assert.Equal("Success", status.Status);
        Assert.Equal("app", status.Details.Name);
        Assert.Equal(created.Metadata.Uid, status.Details.Uid);
        await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () =>
            Client.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation));
        await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () =>
            Client.DeleteNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Delete_OtherUidInThePrecondition_IsConflict()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        var options = new V1DeleteOptions { Preconditions = new() { Uid = "11111111-2222-3333-4444-555555555555" } };

        var status = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () =>
            Client.DeleteNamespacedIngressAsync("app", Namespace, options, cancellationToken: Cancellation));

        Assert.Contains("the UID in the precondition (11111111-2222-3333-4444-555555555555) does not match the UID in record", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_OtherVersionInThePrecondition_IsConflict()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        var options = new V1DeleteOptions { Preconditions = new() { ResourceVersion = "1" } };

        var status = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () =>
            Client.DeleteNamespacedIngressAsync("app", Namespace, options, cancellationToken: Cancellation));

        Assert.Contains("the ResourceVersion in the precondition (1) does not match the ResourceVersion in record", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_DryRun_DeletesNothing(bool inBody)
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var status = inBody
            ? await Client.DeleteNamespacedIngressAsync("app", Namespace, new V1DeleteOptions { DryRun = ["All"] }, cancellationToken: Cancellation)
            : await Client.DeleteNamespacedIngressAsync("app", Namespace, dryRun: "All", cancellationToken: Cancellation);

        Assert.Equal("Success", status.Status);
        await Client.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Delete_UnknownPropagation_IsInvalid()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () =>
            Client.DeleteNamespacedIngressAsync("app", Namespace, propagationPolicy: "Sideways", cancellationToken: Cancellation));

        Assert.Equal(["propagationPolicy"], status.Fields());
    }

    [Fact]
    public async Task Write_UnknownDryRun_IsInvalid()
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () =>
            Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, dryRun: "Some", cancellationToken: Cancellation));

        Assert.Equal(["dryRun"], status.Fields());
    }

    [Fact]
    public async Task Delete_WithFinalizer_WaitsUntilItIsRemoved()
    {
        var ingress = Samples.Ingress("app");
        ingress.Metadata.Finalizers = ["example.com/hold"];
        await Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation);

        await Client.DeleteNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation);
        var held = await Client.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation);
        var added = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => Client.PatchNamespacedIngressAsync(
            Samples.Merge("""{"metadata":{"finalizers":["example.com/hold","example.com/more"]}}"""), "app", Namespace, cancellationToken: Cancellation));
        await Client.PatchNamespacedIngressAsync(
            Samples.Merge("""{"metadata":{"finalizers":null}}"""), "app", Namespace, cancellationToken: Cancellation);

        Assert.NotNull(held.Metadata.DeletionTimestamp);
        Assert.Equal(["metadata.finalizers"], added.Fields());
        await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () =>
            Client.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task DeleteCollection_LabelSelector_DeletesWhatItSelects()
    {
        foreach (var (name, tier) in new[] { ("one", "a"), ("two", "a"), ("three", "b") })
        {
            var map = Samples.ConfigMap(name);
            map.Metadata.Labels = new Dictionary<string, string> { ["tier"] = tier };
            await Client.CreateNamespacedConfigMapAsync(map, Namespace, cancellationToken: Cancellation);
        }

        await Client.DeleteCollectionNamespacedConfigMapAsync(Namespace, labelSelector: "tier=a", cancellationToken: Cancellation);

        var left = await Client.ListNamespacedConfigMapAsync(Namespace, labelSelector: "tier", cancellationToken: Cancellation);
        Assert.Equal(["three"], left.Items.Select(i => i.Metadata.Name));
    }

    [Fact]
    public async Task Namespace_Deleted_TakesNothingNew()
    {
        var created = await Client.CreateNamespaceAsync(
            new V1Namespace { Metadata = new() { Name = $"rollouts-test-{Guid.NewGuid():N}", Finalizers = ["example.com/hold"] } }, cancellationToken: Cancellation);
        await Client.DeleteNamespaceAsync(created.Metadata.Name, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.Forbidden, "Forbidden", () =>
            Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), created.Metadata.Name, cancellationToken: Cancellation));
        await Client.PatchNamespaceAsync(
            Samples.Merge("""{"metadata":{"finalizers":null}}"""), created.Metadata.Name, cancellationToken: Cancellation);

        Assert.Equal(["NamespaceTerminating"], status.Details.Causes.Select(c => c.Reason));
        Assert.Equal(
            $"ingresses.networking.k8s.io \"app\" is forbidden: unable to create new content in namespace {created.Metadata.Name} because it is being terminated",
            status.Message);
    }
}
