using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>
/// Makes the objects of a workload follow one plan. The canary Service carries the fence first, and every object that is there carries it after, also where
/// nothing else changes: so a late write of an older plan meets a conflict wherever it comes.
/// </summary>
internal sealed class WorkloadWriter(
    WorkloadObjects objects,
    ConditionalWriter<JsonObject> deployments,
    ConditionalWriter<JsonObject> services,
    TrafficTarget target,
    WorkloadSpec workload,
    WorkloadPlan plan,
    WorkloadFence fence)
{
    public Task WriteAsync(CancellationToken cancellationToken) => plan.OnlyStable ? WriteStableAsync(cancellationToken) : WriteAllAsync(cancellationToken);

    private async Task WriteStableAsync(CancellationToken cancellationToken)
    {
        if (await objects.Deployments.FindAsync(target.Namespace, target.RolloutName, cancellationToken).ConfigureAwait(false) is { } live)
        {
            Autoscaler? autoscaler = await objects.Autoscalers.OfAsync(target.Namespace, target.RolloutName, cancellationToken).ConfigureAwait(false);
            DeploymentShapes shapes = new(target, workload, PodRoles.Of(target, workload, live));
            _ = await StableAsync(live, shapes, autoscaler, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        // What can't be done is refused before the first write.
        WorkloadSnapshot seen = await objects.ReadAsync(target, cancellationToken).ConfigureAwait(false);
        (PodRoles roles, DeploymentShapes shapes) = Require(seen);
        JsonObject canaryService = await ServiceAsync(target.CanaryService, seen.CanaryService, live => live, cancellationToken).ConfigureAwait(false);
        if (canaryService.ResourceVersion() != seen.CanaryService.ResourceVersion())
        {
            // An older plan may have made something while the fence was not there yet.
            seen = await objects.ReadAsync(target, cancellationToken).ConfigureAwait(false);
            (roles, shapes) = Require(seen);
            canaryService = seen.CanaryService;
        }

        JsonObject? stable = await StableAsync(seen.Stable, shapes, seen.Autoscaler, cancellationToken).ConfigureAwait(false);
        // Before the canary has pods, so that it never gets users' requests by way of the stable Service.
        _ = await ServiceAsync(
            target.StableService,
            seen.StableService,
            live => stable is not null && DeploymentCounts.Available(stable) > 0
                ? ServiceSelectors.PointedAt(live, stable, roles.StableSelector, revision: null)
                : live,
            cancellationToken).ConfigureAwait(false);
        bool isCanarys = plan is { CanaryService: WorkloadRole.Canary, Canary: not null };
        if (!isCanarys && stable is not null)
        {
            canaryService = await ServiceAsync(
                target.CanaryService,
                canaryService,
                live => ServiceSelectors.PointedAt(live, stable, roles.StableSelector, revision: null),
                cancellationToken).ConfigureAwait(false);
        }

        JsonObject? canary = await CanaryAsync(seen, shapes, cancellationToken).ConfigureAwait(false);
        if (isCanarys)
        {
            _ = await ServiceAsync(
                target.CanaryService,
                canaryService,
                live => ServiceSelectors.PointedAt(live, canary!, roles.SelectorOf(WorkloadLabels.CanaryRole), workload.Revision),
                cancellationToken).ConfigureAwait(false);
        }

        if (roles.SetsApart && stable is not null && canary is not null)
        {
            await objects.DisruptionBudgets.CarryOverAsync(stable, canary, cancellationToken).ConfigureAwait(false);
        }

        await ExperimentsAsync(seen, shapes, stable, cancellationToken).ConfigureAwait(false);
        await ReferenceAsync(cancellationToken).ConfigureAwait(false);
    }

    private (PodRoles Roles, DeploymentShapes Shapes) Require(WorkloadSnapshot seen)
    {
        foreach (JsonObject live in seen.All)
        {
            FenceRecord.Require(live, fence);
        }

        PodRoles roles = PodRoles.Of(target, workload, seen.Stable);
        DeploymentShapes shapes = new(target, workload, roles);
        RequireNotTheOnlyHealthyCopy(seen, shapes);
        return (roles, shapes);
    }

    private async Task<JsonObject?> StableAsync(JsonObject? live, DeploymentShapes shapes, Autoscaler? autoscaler, CancellationToken cancellationToken)
    {
        JsonObject? former = live is not null && plan.Stable.Content == StableContent.Former
            ? await objects.Former.TemplateAsync(live, workload, plan.Stable.Revision, cancellationToken).ConfigureAwait(false)
            : null;
        return await WriteAsync(
            deployments, target.RolloutName, live, there => shapes.Stable(there, plan.Stable, autoscaler, former), cancellationToken).ConfigureAwait(false);
    }

    private async Task<JsonObject?> CanaryAsync(WorkloadSnapshot seen, DeploymentShapes shapes, CancellationToken cancellationToken)
    {
        if (plan.Canary is { } wanted)
        {
            return await BesideAsync(
                DeploymentShapes.CanaryName(target.RolloutName),
                WorkloadLabels.CanaryRole,
                seen.Canary,
                shapes,
                live => shapes.Canary(live, wanted),
                cancellationToken).ConfigureAwait(false);
        }

        await DeleteAsync(seen.Canary, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task ExperimentsAsync(WorkloadSnapshot seen, DeploymentShapes shapes, JsonObject? stable, CancellationToken cancellationToken)
    {
        foreach (ExperimentPlan side in plan.Experiments)
        {
            _ = await BesideAsync(
                DeploymentShapes.ExperimentName(target.RolloutName, side.Name),
                DeploymentShapes.RoleOf(side.Name),
                seen.Experiments.GetValueOrDefault(side.Name),
                shapes,
                live => shapes.Experiment(live, side, stable),
                cancellationToken).ConfigureAwait(false);
        }

        foreach ((string _, JsonObject over) in seen.Experiments.Where(e => !plan.Experiments.Any(p => p.Name == e.Key)))
        {
            await DeleteAsync(over, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A Deployment beside the stable one, made anew where its selector is not the one wanted.</summary>
    private async Task<JsonObject?> BesideAsync(
        string name, string role, JsonObject? live, DeploymentShapes shapes, Func<JsonObject?, JsonObject> shape, CancellationToken cancellationToken)
    {
        if (live is not null && !shapes.CanBecome(live, role))
        {
            await DeleteAsync(live, cancellationToken).ConfigureAwait(false);
            live = null;
        }

        return await WriteAsync(deployments, name, live, shape, cancellationToken).ConfigureAwait(false);
    }

    private async Task ReferenceAsync(CancellationToken cancellationToken)
    {
        if (workload.Reference is not { } reference || plan.ReferenceReplicas is not { } replicas)
        {
            return;
        }

        JsonObject live = await objects.Deployments.FindAsync(target.Namespace, reference.Name, cancellationToken).ConfigureAwait(false)
            ?? throw new PortException(FailureKind.NotFound, $"deployment `{reference.Name}` not found in namespace {target.Namespace}");
        _ = await WriteAsync(
            deployments,
            reference.Name,
            live,
            there =>
            {
                JsonObject? scaled = there?.Copy();
                scaled?.Part("spec")["replicas"] = replicas;
                return scaled;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<JsonObject> ServiceAsync(string name, JsonObject live, Func<JsonObject, JsonObject> shape, CancellationToken cancellationToken) =>
        await WriteAsync(services, name, live, there => there is null ? null : shape(there), cancellationToken).ConfigureAwait(false)
        ?? throw new PortException(FailureKind.NotFound, $"service `{name}` not found in namespace {target.Namespace}");

    /// <summary>Writes an object with the fence on it.</summary>
    /// <returns>What is then there.</returns>
    private async Task<JsonObject?> WriteAsync(
        ConditionalWriter<JsonObject> writer, string name, JsonObject? live, Func<JsonObject?, JsonObject?> shape, CancellationToken cancellationToken)
    {
        JsonObject? last = live;
        ObjectWrite<JsonObject>? written = await writer.WriteAsync(
            new ObjectChange<JsonObject>(target.Namespace, name, there =>
            {
                last = there;
                return Fenced(there, shape);
            }),
            live,
            cancellationToken).ConfigureAwait(false);
        if (written is { Before: null })
        {
            await RequireStillTheLastAsync(written.After, cancellationToken).ConfigureAwait(false);
        }

        return written?.After ?? last;
    }

    private JsonObject? Fenced(JsonObject? live, Func<JsonObject?, JsonObject?> shape)
    {
        if (live is not null)
        {
            FenceRecord.Require(live, fence);
        }

        return shape(live) is { } wanted ? FenceRecord.Write(wanted.Copy(), fence) : null;
    }

    /// <summary>
    /// Nothing was there that a conflict could have shown, so the fence is looked at after the fact: what an older plan made is taken away again.
    /// </summary>
    private async Task RequireStillTheLastAsync(JsonObject made, CancellationToken cancellationToken)
    {
        JsonObject anchor = await objects.ServiceAsync(target.Namespace, target.CanaryService, "canary", cancellationToken).ConfigureAwait(false);
        try
        {
            FenceRecord.Require(anchor, fence);
        }
        catch (PortException)
        {
            await UnmakeAsync(made, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes away what this plan made, unless a newer one has made it its own.</summary>
    private Task UnmakeAsync(JsonObject made, CancellationToken cancellationToken) => deployments.DeleteAsync(
        made.Namespace(), made.Name(), made, live => live.Uid() == made.Uid() && FenceRecord.Is(live, fence), cancellationToken);

    private async Task DeleteAsync(JsonObject? live, CancellationToken cancellationToken)
    {
        if (live is not null)
        {
            await deployments.DeleteAsync(live.Namespace(), live.Name(), live, IsOurs, cancellationToken).ConfigureAwait(false);
        }

        bool IsOurs(JsonObject there)
        {
            FenceRecord.Require(there, fence);
            DeploymentShapes.RequireOurs(there, target.RolloutName);
            return true;
        }
    }

    /// <summary>While users' requests can only be answered by the canary's pods, none of them is taken away, whatever the plan says.</summary>
    private void RequireNotTheOnlyHealthyCopy(WorkloadSnapshot seen, DeploymentShapes shapes)
    {
        bool takes = seen.Canary is { } canary
            && DeploymentCounts.Available(canary) > 0
            && !(plan.Canary?.Replicas >= DeploymentCounts.Desired(canary) && shapes.CanBecome(canary, WorkloadLabels.CanaryRole));
        if (takes && seen.Stable is { } stable && DeploymentCounts.Available(stable) == 0 && (DeploymentCounts.Desired(stable) > 0 || plan.Stable.Replicas > 0))
        {
            throw new PortException(
                FailureKind.Transient,
                $"deployment `{seen.Canary!.Name()}` in namespace {target.Namespace} is the only healthy copy: no pod of deployment `{stable.Name()}` is available, so no pod of it is taken away");
        }
    }
}
