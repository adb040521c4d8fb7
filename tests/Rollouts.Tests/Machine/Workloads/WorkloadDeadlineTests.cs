using Rollouts.Engine;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine.Workloads;

/// <summary>Pods that do not come, and what the cluster refuses.</summary>
public sealed class WorkloadDeadlineTests
{
    private static readonly PauseStep Minute = new(TimeSpan.FromMinutes(1));

    [Fact]
    public void ProgressDeadline_PodsNeverCome_SaysSoAndGoesOnWhenTheyDo()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload());
        world.Pods.Broken.Add("v2");
        world.Run(TimeSpan.FromMinutes(11));
        Assert.Null(world.Rollout.Outcome);
        RolloutStatus status = RolloutStatusView.Of(world.Turn);
        Assert.Equal(RolloutPhase.Degraded, status.Phase);
        Assert.Contains("ImagePullBackOff", status.Message, StringComparison.Ordinal);

        world.Pods.Broken.Clear();
        world.Run(TimeSpan.FromMinutes(1));
        Assert.NotEqual(RolloutPhase.Degraded, RolloutStatusView.PhaseOf(world.Rollout));
    }

    [Fact]
    public void ProgressDeadline_NobodyDecides_EndsTheRollout()
    {
        RolloutPolicy policy = new() { Question = new QuestionPolicy { OpenFor = TimeSpan.FromHours(1) } };
        var world = new MachineDriver(Releases.Article(policy).WithWorkload());
        world.Pods.Broken.Add("v2");
        world.Run(TimeSpan.FromHours(2));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    [Fact]
    public void ProgressDeadlineAbort_PodsNeverCome_RollsBack()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload(new ScalingRules { AbortOnProgressDeadline = true }));
        world.Pods.Broken.Add("v2");
        world.Run(TimeSpan.FromMinutes(12));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Contains("did not become available within 10m", world.Rollout.Message, StringComparison.Ordinal);
        Assert.Contains("ImagePullBackOff", world.Rollout.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgressThreshold_PartOfThePods_Suffices()
    {
        Release release = Releases.With(new SetWeightStep(100), Minute)
            .WithWorkload(new ScalingRules { ProgressThreshold = new ReplicaThreshold(ReplicaThresholdKind.Percent, 75) });
        var world = new MachineDriver(release);
        world.Answer = effect => effect is ShapeWorkload { Plan.Stable.Content: StableContent.AsItIs } shape && world.Pods.Perform(shape) is WorkloadShaped { State.Canary: { } canary } shaped
            ? shaped with { State = shaped.State with { Canary = canary with { Available = Math.Min(canary.Available, 3) } } }
            : null;
        world.Run(TimeSpan.FromSeconds(30));

        Assert.Equal(100, world.Written[^1].CanaryWeight);
    }

    [Fact]
    public void Shape_ClusterRefusesTheTemplate_IsInvalidBeforeAnythingStands()
    {
        var world = new MachineDriver(Releases.Article().WithWorkload())
        {
            Answer = effect => effect is ShapeWorkload ? new EffectFailed(effect, FailureKind.Invalid, "spec.containers[0].image: Required value") : null,
        };
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.Invalid, world.Rollout.Outcome);
        Assert.Contains("Required value", world.Rollout.Message, StringComparison.Ordinal);
        Assert.False(world.Rollout.OwnsTarget);
    }
}
