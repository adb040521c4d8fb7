using System.Globalization;
using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>The Deployments of a rollout as a plan wants them, computed on what is there. What is not the plan's stays as it is.</summary>
internal sealed class DeploymentShapes(TrafficTarget target, WorkloadSpec workload, PodRoles roles)
{
    private string Revision => workload.Revision ?? throw new InvalidOperationException("the workload is not resolved");

    /// <summary>The name of the Deployment beside the stable one.</summary>
    public static string CanaryName(string rollout) => $"{rollout}-canary";

    /// <summary>The name of a side's Deployment.</summary>
    public static string ExperimentName(string rollout, string side) => $"{rollout}-experiment-{side}";

    /// <summary>Whether the object is one that a rollout of this name made.</summary>
    public static bool IsOurs(JsonObject deployment, string rollout) =>
        deployment.Label(CanaryIngress.ManagedByLabel) == CanaryIngress.ManagedBy && deployment.Annotation(CanaryIngress.RolloutAnnotation) == rollout;

    /// <exception cref="PortException">Kind Invalid: somebody else made it.</exception>
    public static void RequireOurs(JsonObject deployment, string rollout)
    {
        if (!IsOurs(deployment, rollout))
        {
            throw new PortException(
                FailureKind.Invalid,
                $"deployment `{deployment.Name()}` in namespace {deployment.Namespace()} is controlled by something else: it lacks the label "
                + $"{CanaryIngress.ManagedByLabel}: {CanaryIngress.ManagedBy} or the annotation {CanaryIngress.RolloutAnnotation}: {rollout}; delete or rename it");
        }
    }

    /// <summary>The stable Deployment; null when there is none and none is wanted.</summary>
    /// <param name="live">As read, or null.</param>
    /// <param name="plan">What is wanted.</param>
    /// <param name="autoscaler">What decides how many pods it has; null when nothing else does.</param>
    /// <param name="former">With <see cref="StableContent.Former"/>: the template to go back to; null when it is the current one.</param>
    public JsonObject? Stable(JsonObject? live, StablePlan plan, Autoscaler? autoscaler, JsonObject? former)
    {
        if (live is null && plan.Content != StableContent.Release)
        {
            return null;
        }

        JsonObject wanted = live?.Copy() ?? New(
            target.RolloutName, WorkloadLabels.StableRole, Math.Max(plan.Replicas ?? workload.Replicas ?? 1, autoscaler?.Least ?? 0), workload.RevisionHistoryLimit);
        if (plan.Content == StableContent.Release)
        {
            JsonObject made = PodTemplates.For(PodTemplates.Read(workload), Revision, roles, WorkloadLabels.StableRole, workload.StableMetadata);
            if (!PodTemplates.IsMade(PodTemplates.Of(wanted), made))
            {
                wanted.Part("spec")["template"] = made;
            }

            Pace(wanted.Part("spec"));
        }

        if (former is not null)
        {
            wanted.Part("spec")["template"] = former.Copy();
        }

        if (plan.Replicas is { } replicas && live is not null && autoscaler is null)
        {
            wanted.Part("spec")["replicas"] = replicas;
        }

        if (plan.RestartedAt is { } at && !(RestartedAt(wanted) >= at))
        {
            wanted.Part("spec").Part("template").Annotate(WorkloadLabels.RestartedAt, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }

        return wanted;
    }

    /// <summary>The canary's Deployment.</summary>
    public JsonObject Canary(JsonObject? live, CanaryPlan plan)
    {
        JsonObject made = PodTemplates.For(PodTemplates.Read(workload), Revision, roles, WorkloadLabels.CanaryRole, workload.CanaryMetadata);
        return Beside(live, CanaryName(target.RolloutName), WorkloadLabels.CanaryRole, plan.Replicas, made);
    }

    /// <summary>A side of an experiment.</summary>
    /// <param name="live">As read, or null.</param>
    /// <param name="plan">What is wanted.</param>
    /// <param name="stable">The stable Deployment, whose template a side may have.</param>
    /// <exception cref="PortException">Kind Invalid: the side is to be like a stable version that is not there.</exception>
    public JsonObject Experiment(JsonObject? live, ExperimentPlan plan, JsonObject? stable)
    {
        string role = RoleOf(plan.Name);
        JsonObject template = plan.From == WorkloadRole.Canary
            ? PodTemplates.Read(workload)
            : PodTemplates.Plain(
                PodTemplates.Of(stable ?? throw new PortException(FailureKind.Invalid, $"experiment {plan.Name}: there is no stable version yet")),
                workload.StableMetadata);
        string revision = plan.From == WorkloadRole.Canary ? Revision : PodTemplates.RevisionOf(PodTemplates.Of(stable!)) ?? WorkloadLabels.StableRole;
        JsonObject wanted = Beside(
            live, ExperimentName(target.RolloutName, plan.Name), role, plan.Replicas, PodTemplates.For(template, revision, roles, role, plan.Metadata));
        wanted.Part("metadata").Part("annotations")[WorkloadLabels.Experiment] = plan.Name;
        return wanted;
    }

    /// <summary>Whether a Deployment of a role can be patched to what is wanted; if not, it is to be made anew: a selector can't be changed.</summary>
    public bool CanBecome(JsonObject live, string role) =>
        JsonNode.DeepEquals(live["spec"]?["selector"], new JsonObject { ["matchLabels"] = JsonObjectFields.Of(roles.SelectorOf(role)) });

    /// <summary>The role of a side's pods.</summary>
    public static string RoleOf(string side) => PodRoles.Suffixed("experiment", side.Length > 50 ? side[..50] : side);

    /// <summary>When the template says that its pods were last replaced.</summary>
    public static DateTimeOffset? RestartedAt(JsonObject deployment) =>
        DateTimeOffset.TryParse(
            JsonObjectFields.Text(PodTemplates.Of(deployment)["metadata"]?["annotations"]?[WorkloadLabels.RestartedAt]),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out DateTimeOffset at)
            ? at
            : null;

    private JsonObject Beside(JsonObject? live, string name, string role, int replicas, JsonObject made)
    {
        if (live is not null)
        {
            RequireOurs(live, target.RolloutName);
        }

        // Nobody goes back to a former canary.
        JsonObject wanted = live?.Copy() ?? New(name, role, replicas, historyLimit: 0);
        JsonObject spec = wanted.Part("spec");
        spec["replicas"] = replicas;
        if (!PodTemplates.IsMade(PodTemplates.Of(wanted), made))
        {
            spec["template"] = made;
        }

        Pace(spec);
        return wanted;
    }

    private JsonObject New(string name, string role, int replicas, int historyLimit) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = target.Namespace,
            ["labels"] = new JsonObject { [CanaryIngress.ManagedByLabel] = CanaryIngress.ManagedBy },
            ["annotations"] = new JsonObject { [CanaryIngress.RolloutAnnotation] = target.RolloutName },
        },
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["revisionHistoryLimit"] = historyLimit,
            ["selector"] = new JsonObject { ["matchLabels"] = JsonObjectFields.Of(roles.SelectorOf(role)) },
        },
    };

    /// <summary>How a Deployment replaces its pods. What the release leaves open stays as the Deployment has it.</summary>
    private void Pace(JsonObject spec)
    {
        if (workload.MinReadySeconds > 0 || spec["minReadySeconds"] is not null)
        {
            spec["minReadySeconds"] = workload.MinReadySeconds;
        }

        foreach ((string field, string? value) in new[] { ("maxSurge", workload.MaxSurge), ("maxUnavailable", workload.MaxUnavailable) })
        {
            if (value is not null)
            {
                spec.Part("strategy").Part("rollingUpdate")[field] = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int pods)
                    ? JsonValue.Create(pods)
                    : JsonValue.Create(value);
            }
        }
    }
}
