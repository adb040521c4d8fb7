using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;
using Rollouts.Tests.Machine;
using Rollouts.Workloads;

namespace Rollouts.Tests.Conformance;

/// <summary>How many pods each version is to have once the steps before a pause are done.</summary>
public sealed class ReplicaConformance
{
    public static IEnumerable<TheoryDataRow<ReplicaRow>> Rows => ConformanceRows.Read<ReplicaRow>("replicas.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Run_StepsUpToAPause_PlanArgosReplicas(ReplicaRow row)
    {
        Release release = Releases.With([.. row.Steps.Select(s => s.ToStep()), new PauseStep(null)])
            .WithWorkload(new ScalingRules { MinPodsPerReplicaSet = row.MinPods, DynamicStableScale = row.DynamicStableScale }, row.Replicas);
        var driver = new MachineDriver(release with { Target = release.Target with { MaxWeight = row.Max } });

        driver.Settle();
        driver.Run(TimeSpan.FromMinutes(5));

        Assert.Equal(row.Steps.Count, driver.Rollout.StepIndex);
        WorkloadPlan plan = driver.Rollout.Workload!.Plan;
        Assert.Equal((row.Canary, row.Stable), (plan.Canary?.Replicas ?? 0, plan.Stable.Replicas ?? row.Replicas));
    }
}

/// <param name="Source">Where Argo says so.</param>
/// <param name="Replicas"><c>spec.replicas</c>.</param>
/// <param name="Steps">Before the pause.</param>
/// <param name="Canary">How many pods the canary is to have.</param>
/// <param name="Stable">How many the stable version is to have.</param>
/// <param name="MinPods"><c>minPodsPerReplicaSet</c>.</param>
/// <param name="DynamicStableScale"><c>dynamicStableScale</c>.</param>
/// <param name="Max"><c>maxTrafficWeight</c>.</param>
public sealed record ReplicaRow(
    string Source,
    int Replicas,
    IReadOnlyList<ReplicaStep> Steps,
    int Canary,
    int Stable,
    int? MinPods = null,
    bool DynamicStableScale = false,
    int Max = 100) : IConformanceRow;

/// <summary>A step: one of the two.</summary>
/// <param name="SetWeight">A weight.</param>
/// <param name="SetCanaryScale">A size of the canary.</param>
public sealed record ReplicaStep(int? SetWeight = null, ReplicaScale? SetCanaryScale = null)
{
    internal Step ToStep() => SetWeight is { } weight ? new SetWeightStep(weight) : new SetCanaryScaleStep(SetCanaryScale!.Replicas, SetCanaryScale.Weight);
}

/// <summary>Argo's fields.</summary>
public sealed record ReplicaScale(int? Replicas = null, int? Weight = null, bool MatchTrafficWeight = false);
