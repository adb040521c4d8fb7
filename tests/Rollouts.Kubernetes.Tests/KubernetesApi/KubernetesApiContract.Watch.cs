using System.Net;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Watches.</summary>
public abstract partial class KubernetesApiContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Watch_FromNow_SeesEveryChangeInOrder()
    {
        var list = await Client.ListNamespacedIngressAsync(Namespace, cancellationToken: Cancellation);
        using var watch = Watch(resourceVersion: list.Metadata.ResourceVersion);

        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        var patched = await PatchAsync("""{"metadata":{"annotations":{"a":"1"}}}""");
        await PatchAsync("""{"metadata":{"annotations":{"a":"1"}}}""");
        await Client.DeleteNamespacedIngressAsync("app", Namespace, cancellationToken: Cancellation);
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("last"), Namespace, cancellationToken: Cancellation);
        var events = await watch.TakeAsync(4, Patience);

        Assert.Equal(
            [WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted, WatchEventType.Added], events.Select(e => e.Type));
        Assert.Equal(["app", "app", "app", "last"], events.Select(e => e.Object.Metadata.Name));
        Assert.Equal(created.Metadata.ResourceVersion, events[0].Object.Metadata.ResourceVersion);
        Assert.Equal(patched.Metadata.ResourceVersion, events[1].Object.Metadata.ResourceVersion);
        Assert.Equal("1", events[2].Object.Metadata.Annotations["a"]);
        Assert.True(ulong.Parse(events[2].Object.Metadata.ResourceVersion) > ulong.Parse(patched.Metadata.ResourceVersion));
        Assert.Equal("Ingress", events[0].Object.Kind);
    }

    [Fact]
    public async Task Watch_WithoutVersion_BeginsWithWhatIsThere()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("a"), Namespace, cancellationToken: Cancellation);
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("b"), Namespace, cancellationToken: Cancellation);

        using var watch = Watch();
        var present = await watch.TakeAsync(2, Patience);
        await Client.DeleteNamespacedIngressAsync("a", Namespace, cancellationToken: Cancellation);
        var next = await watch.TakeAsync(1, Patience);

        Assert.Equal([(WatchEventType.Added, "a"), (WatchEventType.Added, "b")], present.Select(e => (e.Type, e.Object.Metadata.Name)).Order());
        Assert.Equal((WatchEventType.Deleted, "a"), (next[0].Type, next[0].Object.Metadata.Name));
    }

    [Fact]
    public async Task Watch_LabelSelector_SeesObjectsComeAndGoWithTheirLabels()
    {
        var list = await Client.ListNamespacedIngressAsync(Namespace, cancellationToken: Cancellation);
        using var watch = Watch(resourceVersion: list.Metadata.ResourceVersion, labelSelector: "track=canary");

        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        await PatchAsync("""{"metadata":{"labels":{"track":"canary"}}}""");
        await PatchAsync("""{"metadata":{"annotations":{"a":"1"}}}""");
        await PatchAsync("""{"metadata":{"labels":{"track":"stable"}}}""");
        var events = await watch.TakeAsync(3, Patience);

        Assert.Equal([WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted], events.Select(e => e.Type));
        Assert.Equal("canary", events[2].Object.Metadata.Labels["track"]);
    }

    [Fact]
    public async Task Watch_OneName_SeesNoOther()
    {
        var list = await Client.ListNamespacedIngressAsync(Namespace, cancellationToken: Cancellation);
        using var watch = Watch(resourceVersion: list.Metadata.ResourceVersion, fieldSelector: "metadata.name=app");

        await Client.CreateNamespacedIngressAsync(Samples.Ingress("other"), Namespace, cancellationToken: Cancellation);
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        var events = await watch.TakeAsync(1, Patience);

        Assert.Equal("app", events[0].Object.Metadata.Name);
    }

    [Fact]
    public async Task Watch_FromAnOlderVersion_SeesWhatHappenedSince()
    {
        var first = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        await PatchAsync("""{"metadata":{"annotations":{"a":"1"}}}""");
        await PatchAsync("""{"metadata":{"annotations":{"a":"2"}}}""");

        using var watch = Watch(resourceVersion: first.Metadata.ResourceVersion);
        var events = await watch.TakeAsync(2, Patience);

        Assert.Equal(["1", "2"], events.Select(e => e.Object.Metadata.Annotations["a"]));
    }

    [Fact]
    public async Task Watch_TimeoutSeconds_EndsByItself()
    {
        using var watch = Watch(timeoutSeconds: 1);

        await watch.EndedAsync(Patience);
    }

    [Fact]
    public async Task Watch_WithBookmarks_LearnsOfVersionsThatDoNotConcernIt()
    {
        var list = await Client.ListNamespacedIngressAsync(Namespace, cancellationToken: Cancellation);
        using var watch = Watch(
            resourceVersion: list.Metadata.ResourceVersion, fieldSelector: "metadata.name=other", timeoutSeconds: 5, bookmarks: true);

        var created = await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);
        var events = await watch.TakeAsync(1, Patience);

        Assert.Equal(WatchEventType.Bookmark, events[0].Type);
        Assert.True(ulong.Parse(events[0].Object.Metadata.ResourceVersion) >= ulong.Parse(created.Metadata.ResourceVersion));
    }

    private IngressWatch Watch(
        string? resourceVersion = null, string? labelSelector = null, string? fieldSelector = null, int? timeoutSeconds = null, bool bookmarks = false) =>
        new(end => Client.NetworkingV1.WatchListNamespacedIngressAsync(
            Namespace,
            resourceVersion: resourceVersion,
            labelSelector: labelSelector,
            fieldSelector: fieldSelector,
            timeoutSeconds: timeoutSeconds,
            allowWatchBookmarks: bookmarks,
            cancellationToken: end));
}
