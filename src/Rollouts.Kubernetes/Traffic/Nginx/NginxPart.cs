using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// The canary ingress beside one stable ingress: it carries weight, header route, owner and revision in ingress-nginx' canary annotations, as Argo
/// Rollouts builds it. It is created by the first claim and never deleted; at rest its weight is 0.
/// </summary>
internal sealed class NginxPart(TrafficTarget target, NginxRouting routing, string stableIngress)
    : RoutingPart(target, KubernetesResource.Ingress, CanaryIngress.NameFor(target.RolloutName, stableIngress))
{
    private readonly CanaryAnnotations annotations = new(routing);

    public override async Task<JsonObject?> ReadSourceAsync(RoutingObjects objects, CancellationToken cancellationToken) =>
        await objects.GetAsync(KubernetesResource.Ingress, Namespace, stableIngress, cancellationToken).ConfigureAwait(false);

    public override JsonObject? Build(JsonObject? source) => source is null ? null : CanaryIngress.Build(Target, routing, source);

    public override bool IsOurs(JsonObject live) =>
        (string?)live.Labels()[CanaryIngress.ManagedByLabel] == CanaryIngress.ManagedBy
        && live.Mark(CanaryIngress.RolloutAnnotation) == Target.RolloutName;

    public override void RequireOurs(JsonObject live)
    {
        if (!IsOurs(live))
        {
            throw Invalid(
                $"is controlled by different object: it lacks the label {CanaryIngress.ManagedByLabel}: {CanaryIngress.ManagedBy} "
                + $"or the annotation {CanaryIngress.RolloutAnnotation}: {Target.RolloutName}; delete or rename it");
        }
    }

    public override JsonObject Write(JsonObject live, JsonObject? source, TrafficSplit split) =>
        CanaryIngress.Update(live, Build(source), routing, split);

    public override TrafficSplit Read(JsonObject live) => annotations.Read(live);

    public override PortException Gone() => new(
        FailureKind.NotFound, $"canary ingress `{Name}` not found in namespace {Namespace}: somebody deleted it, and with it the record of its owner");
}
