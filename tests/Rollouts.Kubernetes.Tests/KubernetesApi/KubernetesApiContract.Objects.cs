using System.Net;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Creating, reading and replacing.</summary>
public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task Create_NewObject_GetsItsBookkeeping()
    {
        var before = DateTime.UtcNow.AddSeconds(-2);

        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        Assert.Equal("app", created.Metadata.Name);
        Assert.Equal(Namespace, created.Metadata.NamespaceProperty);
        Assert.True(Guid.TryParse(created.Metadata.Uid, out _));
        Assert.True(ulong.TryParse(created.Metadata.ResourceVersion, out _));
        Assert.Equal(1, created.Metadata.Generation);
        Assert.InRange(created.Metadata.CreationTimestamp!.Value.ToUniversalTime(), before, DateTime.UtcNow.AddSeconds(2));
        Assert.Null(created.Metadata.DeletionTimestamp);
        Assert.Equal("networking.k8s.io/v1", created.ApiVersion);
        Assert.Equal("Ingress", created.Kind);
    }

    [Fact]
    public async Task Create_SentBookkeeping_IsOverwritten()
    {
        var ingress = Samples.Ingress("app");
        ingress.Metadata.Uid = "11111111-2222-3333-4444-555555555555";
        ingress.Metadata.Generation = 7;
        ingress.Metadata.CreationTimestamp = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        ingress.Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = "192.0.2.1" }] } };

        var created = await Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation);

        Assert.NotEqual("11111111-2222-3333-4444-555555555555", created.Metadata.Uid);
        Assert.Equal(1, created.Metadata.Generation);
        Assert.NotEqual(2001, created.Metadata.CreationTimestamp!.Value.Year);
        Assert.Null(created.Status.LoadBalancer.Ingress);
    }

    [Fact]
    public async Task Create_GenerateName_GetsASuffix()
    {
        var ingress = Samples.Ingress("unused");
        ingress.Metadata.Name = null;
        ingress.Metadata.GenerateName = "app-";

        var first = await Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation);
        var second = await Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation);

        Assert.Matches("^app-[a-z0-9]{5}$", first.Metadata.Name);
        Assert.Matches("^app-[a-z0-9]{5}$", second.Metadata.Name);
        Assert.NotEqual(first.Metadata.Name, second.Metadata.Name);
    }

    [Fact]
    public async Task Create_ExistingName_IsAlreadyExists()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.Conflict, "AlreadyExists", () =>
            Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation));

        Assert.Equal("ingresses.networking.k8s.io \"app\" already exists", status.Message);
        Assert.Equal("app", status.Details.Name);
        Assert.Equal("networking.k8s.io", status.Details.Group);
        Assert.Equal("ingresses", status.Details.Kind);
    }

    [Fact]
    public async Task Create_UnknownNamespace_IsNotFound()
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () =>
            Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), "no-such-namespace", cancellationToken: Cancellation));

        Assert.Equal("namespaces \"no-such-namespace\" not found", status.Message);
        Assert.Equal("namespaces", status.Details.Kind);
    }

    [Fact]
    public async Task Create_OtherNamespaceInTheObject_IsBadRequest()
    {
        var ingress = Samples.Ingress("app");
        ingress.Metadata.NamespaceProperty = "default";

        var status = await Answers.RefusedAsync(HttpStatusCode.BadRequest, "BadRequest", () =>
            Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation));

        Assert.StartsWith("the namespace of the provided object does not match the namespace sent on the request", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WithResourceVersion_IsRefused()
    {
        var ingress = Samples.Ingress("app");
        ingress.Metadata.ResourceVersion = "5";

        var status = await Answers.RefusedAsync(HttpStatusCode.InternalServerError, null, () =>
            Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation));

        Assert.Equal("resourceVersion should not be set on objects to be created", status.Message);
    }

    [Fact]
    public async Task Read_UnknownName_IsNotFound()
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () =>
            Client.ReadNamespacedIngressAsync("none", Namespace, cancellationToken: Cancellation));

        Assert.Equal("ingresses.networking.k8s.io \"none\" not found", status.Message);
        Assert.Equal("none", status.Details.Name);
        Assert.Equal("networking.k8s.io", status.Details.Group);
        Assert.Equal("ingresses", status.Details.Kind);
    }

    [Fact]
    public async Task Read_CoreKind_NamesNoGroup()
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () =>
            Client.ReadNamespacedServiceAsync("none", Namespace, cancellationToken: Cancellation));

        Assert.Equal("services \"none\" not found", status.Message);
        Assert.Null(status.Details.Group);
    }

    [Fact]
    public async Task Replace_CurrentVersion_CountsTheGenerationOfTheSpecOnly()
    {
        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        created.Metadata.Annotations = new Dictionary<string, string> { ["note"] = "changed" };
        var noted = await Client.ReplaceNamespacedIngressAsync(created, "app", Namespace, cancellationToken: Cancellation);
        noted.Spec.Rules[0].Host = "other.example.com";
        var moved = await Client.ReplaceNamespacedIngressAsync(noted, "app", Namespace, cancellationToken: Cancellation);

        Assert.Equal(1, noted.Metadata.Generation);
        Assert.Equal(2, moved.Metadata.Generation);
        Assert.Equal(created.Metadata.Uid, moved.Metadata.Uid);
        Assert.Equal(created.Metadata.CreationTimestamp, moved.Metadata.CreationTimestamp);
        Assert.Equal(3, new[] { created, noted, moved }.Select(i => i.Metadata.ResourceVersion).Distinct().Count());
    }

    [Fact]
    public async Task Replace_StaleVersion_IsConflict()
    {
        var stale = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        await Client.PatchNamespacedIngressAsync(
            Samples.Merge("""{"metadata":{"annotations":{"a":"b"}}}"""), "app", Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () =>
            Client.ReplaceNamespacedIngressAsync(stale, "app", Namespace, cancellationToken: Cancellation));

        Assert.Equal(
            "Operation cannot be fulfilled on ingresses.networking.k8s.io \"app\": the object has been modified; please apply your changes to the latest version and try again",
            status.Message);
        Assert.Equal("app", status.Details.Name);
        Assert.Equal("ingresses", status.Details.Kind);
    }

    [Fact]
    public async Task Replace_WithoutVersion_Overwrites()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var replaced = await Client.ReplaceNamespacedIngressAsync(
            Samples.Ingress("app", "other.example.com"), "app", Namespace, cancellationToken: Cancellation);

        Assert.Equal("other.example.com", replaced.Spec.Rules[0].Host);
    }

    [Fact]
    public async Task Replace_SameContent_KeepsTheVersion()
    {
        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var replaced = await Client.ReplaceNamespacedIngressAsync(created, "app", Namespace, cancellationToken: Cancellation);

        Assert.Equal(created.Metadata.ResourceVersion, replaced.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Replace_UnknownName_IsNotFound() => await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () =>
        Client.ReplaceNamespacedIngressAsync(Samples.Ingress("none"), "none", Namespace, cancellationToken: Cancellation));

    [Fact]
    public async Task Replace_OtherName_IsBadRequest()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.BadRequest, "BadRequest", () =>
            Client.ReplaceNamespacedIngressAsync(Samples.Ingress("other"), "app", Namespace, cancellationToken: Cancellation));

        Assert.Equal("the name of the object (other) does not match the name on the URL (app)", status.Message);
    }

    [Fact]
    public async Task Replace_UidOfAnotherObject_IsConflict()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        var other = Samples.Ingress("app");
        other.Metadata.Uid = "11111111-2222-3333-4444-555555555555";

        var status = await Answers.RefusedAsync(HttpStatusCode.Conflict, "Conflict", () =>
            Client.ReplaceNamespacedIngressAsync(other, "app", Namespace, cancellationToken: Cancellation));

        Assert.Contains("Precondition failed: UID in precondition: 11111111-2222-3333-4444-555555555555", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaceStatus_ObjectWithSpec_ChangesTheStatusOnly()
    {
        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        created.Spec.Rules[0].Host = "other.example.com";
        created.Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = "192.0.2.1" }] } };

        var written = await Client.ReplaceNamespacedIngressStatusAsync(created, "app", Namespace, cancellationToken: Cancellation);
        written.Status.LoadBalancer.Ingress[0].Ip = "192.0.2.9";
        var kept = await Client.ReplaceNamespacedIngressAsync(written, "app", Namespace, cancellationToken: Cancellation);

        Assert.Equal("app.example.com", written.Spec.Rules[0].Host);
        Assert.Equal(1, written.Metadata.Generation);
        Assert.Equal("192.0.2.1", kept.Status.LoadBalancer.Ingress[0].Ip);
    }

    [Fact]
    public async Task Create_DryRun_StoresNothing()
    {
        var shown = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, dryRun: "All", cancellationToken: Cancellation);

        Assert.Equal("app", shown.Metadata.Name);
        await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () =>
            Client.ReadNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation));
    }
}
