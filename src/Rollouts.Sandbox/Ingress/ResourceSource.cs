using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;

namespace Rollouts.Sandbox.Ingress;

/// <summary>How one kind of object is read from a Kubernetes API.</summary>
/// <param name="List">All objects of all namespaces, and the resource version that the list is at.</param>
/// <param name="Watch">The changes after a resource version, until the server closes the watch; an error in it is thrown.</param>
public sealed record ResourceSource<T>(
    Func<CancellationToken, Task<(IEnumerable<T> Items, string ResourceVersion)>> List,
    Func<string, CancellationToken, IAsyncEnumerable<(WatchEventType Type, T Item)>> Watch)
    where T : IKubernetesObject<V1ObjectMeta>;

public static class ResourceSources
{
    /// <summary>A server that goes away without a word is noticed after this many seconds at the latest.</summary>
    private const int WatchSeconds = 120;

    public static ResourceSource<V1Ingress> Ingresses(IKubernetes client) => new(
        async cancellation =>
        {
            var list = await client.NetworkingV1.ListIngressForAllNamespacesAsync(cancellationToken: cancellation);
            return (list.Items, list.Metadata.ResourceVersion);
        },
        (version, cancellation) => ThrowErrors(
            onError => client.NetworkingV1.WatchListIngressForAllNamespacesAsync(
                resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: WatchSeconds, onError: onError, cancellationToken: cancellation),
            cancellation));

    public static ResourceSource<V1Service> Services(IKubernetes client) => new(
        async cancellation =>
        {
            var list = await client.CoreV1.ListServiceForAllNamespacesAsync(cancellationToken: cancellation);
            return (list.Items, list.Metadata.ResourceVersion);
        },
        (version, cancellation) => ThrowErrors(
            onError => client.CoreV1.WatchListServiceForAllNamespacesAsync(
                resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: WatchSeconds, onError: onError, cancellationToken: cancellation),
            cancellation));

    public static ResourceSource<V1Deployment> Deployments(IKubernetes client) => new(
        async cancellation =>
        {
            var list = await client.AppsV1.ListDeploymentForAllNamespacesAsync(cancellationToken: cancellation);
            return (list.Items, list.Metadata.ResourceVersion);
        },
        (version, cancellation) => ThrowErrors(
            onError => client.AppsV1.WatchListDeploymentForAllNamespacesAsync(
                resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: WatchSeconds, onError: onError, cancellationToken: cancellation),
            cancellation));

    public static ResourceSource<V1Pod> Pods(IKubernetes client) => new(
        async cancellation =>
        {
            var list = await client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: cancellation);
            return (list.Items, list.Metadata.ResourceVersion);
        },
        (version, cancellation) => ThrowErrors(
            onError => client.CoreV1.WatchListPodForAllNamespacesAsync(
                resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: WatchSeconds, onError: onError, cancellationToken: cancellation),
            cancellation));

    private static async IAsyncEnumerable<(WatchEventType Type, T Item)> ThrowErrors<T>(
        Func<Action<Exception>, IAsyncEnumerable<(WatchEventType, T)>> watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Exception? error = null;
        await foreach (var change in watch(e => error = e).WithCancellation(cancellationToken))
            yield return change;
        if (error is not null)
            throw error;
    }
}
