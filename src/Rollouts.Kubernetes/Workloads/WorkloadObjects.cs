using System.Text.Json.Nodes;
using k8s;
using Rollouts.Kubernetes.Requests;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>The objects of a workload in one cluster.</summary>
internal sealed class WorkloadObjects(IKubernetes kubernetes, KubernetesRequests requests)
{
    public JsonObjects Deployments { get; } = new(kubernetes, requests, KubernetesResource.Deployment);

    public FormerRevisions Former { get; } = new(new JsonObjects(kubernetes, requests, KubernetesResource.ReplicaSet));

    public ServiceObjects Services { get; } = new(kubernetes, requests);

    public Autoscalers Autoscalers { get; } = new(
        new JsonObjects(kubernetes, requests, KubernetesResource.Autoscaler), new JsonObjects(kubernetes, requests, KubernetesResource.ScaledObject));

    public DisruptionBudgets DisruptionBudgets { get; } = new(
        new JsonObjects(kubernetes, requests, KubernetesResource.DisruptionBudget),
        new JsonObjects(kubernetes, requests, KubernetesResource.DisruptionBudget with { Version = "v1beta1" }));

    /// <summary>What is there of a workload.</summary>
    /// <exception cref="PortException">Kind NotFound: a Service is not there.</exception>
    public async Task<WorkloadSnapshot> ReadAsync(TrafficTarget target, CancellationToken cancellationToken)
    {
        JsonObject stableService = await ServiceAsync(target.Namespace, target.StableService, "stable", cancellationToken).ConfigureAwait(false);
        JsonObject canaryService = await ServiceAsync(target.Namespace, target.CanaryService, "canary", cancellationToken).ConfigureAwait(false);
        JsonObject? stable = await Deployments.FindAsync(target.Namespace, target.RolloutName, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<JsonObject> managed = await Deployments
            .ListAsync(target.Namespace, $"{CanaryIngress.ManagedByLabel}={CanaryIngress.ManagedBy}", cancellationToken).ConfigureAwait(false) ?? [];
        List<JsonObject> ours = [.. managed.Where(d => DeploymentShapes.IsOurs(d, target.RolloutName))];
        return new WorkloadSnapshot
        {
            StableService = stableService,
            CanaryService = canaryService,
            Stable = stable,
            Canary = ours.Find(d => d.Name() == DeploymentShapes.CanaryName(target.RolloutName)),
            Experiments = ours
                .Where(d => d.Annotation(WorkloadLabels.Experiment) is not null)
                .ToDictionary(d => d.Annotation(WorkloadLabels.Experiment)!, StringComparer.Ordinal),
            Autoscaler = await Autoscalers.OfAsync(target.Namespace, target.RolloutName, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <exception cref="PortException">Kind NotFound: it is not there.</exception>
    public async Task<JsonObject> ServiceAsync(string @namespace, string name, string role, CancellationToken cancellationToken) =>
        await Services.FindAsync(@namespace, name, cancellationToken).ConfigureAwait(false)
        ?? throw new PortException(FailureKind.NotFound, $"{role} service `{name}` not found in namespace {@namespace}");
}
