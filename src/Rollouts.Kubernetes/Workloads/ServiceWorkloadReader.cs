using System.Net;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>
/// Workloads that somebody else deploys ("bring your own"): both services exist, and their selectors tell which versions stand behind them. Needs get
/// on both services.
/// </summary>
/// <param name="kubernetes">The cluster; not disposed here.</param>
/// <param name="time">For the time-out of requests.</param>
/// <param name="requestTimeout">How long one request may take. Null takes the default of 10 s.</param>
public sealed class ServiceWorkloadReader(IKubernetes kubernetes, TimeProvider time, TimeSpan? requestTimeout = null) : IWorkloadReader
{
    private static readonly string[] VersionLabels =
        ["rollouts-pod-template-hash", "pod-template-hash", "app.kubernetes.io/version", "version"];

    private readonly KubernetesRequests requests = new(requestTimeout ?? TimeSpan.FromSeconds(10), time);

    /// <inheritdoc/>
    public async Task<WorkloadRevisions> ReadAsync(TrafficTarget target, CancellationToken cancellationToken)
    {
        V1Service stable = await ReadAsync(target, target.StableService, "stable", cancellationToken).ConfigureAwait(false);
        V1Service canary = await ReadAsync(target, target.CanaryService, "canary", cancellationToken).ConfigureAwait(false);
        return new WorkloadRevisions(VersionOf(stable), VersionOf(canary));
    }

    private async Task<V1Service> ReadAsync(TrafficTarget target, string name, string role, CancellationToken cancellationToken) =>
        await requests.SendAsync(
            new("get", KubernetesResource.Service, target.Namespace, name),
            limit => kubernetes.CoreV1.ReadNamespacedServiceWithHttpMessagesAsync(name, target.Namespace, cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.NotFound).ConfigureAwait(false)
        ?? throw new PortException(FailureKind.NotFound, $"{role} service `{name}` not found in namespace {target.Namespace}");

    private static string? VersionOf(V1Service service)
    {
        IDictionary<string, string> selector = service.Spec?.Selector ?? new Dictionary<string, string>();
        return VersionLabels.Select(l => selector.TryGetValue(l, out string? version) ? version : null).FirstOrDefault(v => !string.IsNullOrEmpty(v));
    }
}
