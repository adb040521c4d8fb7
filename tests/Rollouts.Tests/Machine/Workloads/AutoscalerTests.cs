using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine.Workloads;

/// <summary>Rollouts beside an autoscaler, which sees the load of the stable pods and nothing else.</summary>
public sealed class AutoscalerTests
{
    private const int Load = 10;

    /// <summary>A quarter more than a pod has, and what rounding to whole percents adds.</summary>
    private const double MostLoad = 1.3;

    private static readonly TimeSpan s_reaction = TimeSpan.FromSeconds(45);

    private double load = Load;
    private DateTimeOffset answeredAt;
    private double most;

    [Fact]
    public void Weight_StableIsScaledDownBehindTheTraffic_CanaryKeepsThePodsForIt()
    {
        MachineDriver world = Autoscaled(new SetWeightStep(90), new PauseStep(TimeSpan.FromMinutes(30)), new SetWeightStep(20), new PauseStep(null));

        world.Run(TimeSpan.FromMinutes(20));
        Assert.Equal((2, 9, 10), (world.Pods.Stable!.Replicas, world.Pods.Canary!.Replicas, world.Rollout.Workload!.Total));

        world.Run(TimeSpan.FromMinutes(20));
        Assert.Equal((8, 2), (world.Pods.Stable.Replicas, world.Pods.Canary.Replicas));
    }

    [Fact]
    public void Weight_StableIsScaledUp_CanaryFollows()
    {
        MachineDriver world = Autoscaled(new SetWeightStep(50), new PauseStep(null));
        world.Run(TimeSpan.FromMinutes(5));
        load = 30;

        world.Run(TimeSpan.FromMinutes(5));

        Assert.Equal((15, 8), (world.Pods.Stable!.Replicas, world.Pods.Canary!.Replicas));
    }

    [Fact]
    public void Weight_NothingIsTheCanarysYet_FewerStablePodsAreFewerForAll()
    {
        MachineDriver world = Autoscaled(new SetCanaryScaleStep(Weight: 50), new PauseStep(null));
        world.Run(TimeSpan.FromMinutes(5));
        load = 4;

        world.Run(TimeSpan.FromMinutes(5));

        Assert.Equal((4, 2), (world.Rollout.Workload!.Total, world.Pods.Canary!.Replicas));
    }

    [Fact]
    public void Return_StableIsScaledDown_TakesTrafficAsTheAutoscalerFollows()
    {
        MachineDriver world = Autoscaled(new SetWeightStep(90), new PauseStep(TimeSpan.FromMinutes(30)));

        world.Run(TimeSpan.FromHours(2));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal("v2", world.Pods.Stable!.Revision);
        Assert.InRange(world.Pods.Stable.Replicas, 9, 10);
        int[] weights = [.. world.Written.Select(s => s.CanaryWeight).SkipWhile(w => w < 100)];
        Assert.Equal([100, 75, 62, 50, 37, 12, 0], weights);
        Assert.InRange(most, 1, MostLoad);
        Assert.All(world.Pods.Plans, p => Assert.Null(p.Stable.Replicas));
        Assert.All(world.Pods.Plans.Where(p => p.Stable.Content == StableContent.Release && p.Canary is not null), p => Assert.Equal(10, p.Canary!.Replicas));
        Assert.Contains(world.Journal, e => e.Message == "The stable version is v2 and ready; traffic returns in steps, because its autoscaler has left it 2 of 10 pods");
    }

    [Fact]
    public void Return_AutoscalerFindsItsPodsEnough_EndsAllTheSame()
    {
        MachineDriver world = Autoscaled(new SetWeightStep(90), new PauseStep(TimeSpan.FromMinutes(30)));
        world.Run(TimeSpan.FromMinutes(20));
        load = 1;

        world.Run(TimeSpan.FromHours(2));

        Assert.Equal((RolloutOutcome.Promoted, 2), (world.Rollout.Outcome, world.Pods.Stable!.Replicas));
        Assert.InRange(most, 0, MostLoad);
    }

    [Fact]
    public void Return_StablePodsDoNotCome_KeepsTheRestOnTheCanary()
    {
        MachineDriver world = Autoscaled(new SetWeightStep(90), new PauseStep(TimeSpan.FromMinutes(30)));
        world.Run(TimeSpan.FromMinutes(29));
        while (world.Written[^1].CanaryWeight != 75)
        {
            world.Run(TimeSpan.FromSeconds(10));
        }

        world.Pods.StartsIn = TimeSpan.FromDays(2);
        world.Run(TimeSpan.FromHours(3));

        Assert.Null(world.Rollout.Outcome);
        Assert.Equal(75, world.Written[^1].CanaryWeight);
        Assert.Equal(10, world.Pods.Canary!.Replicas);
        Assert.Contains(EventType.ProgressDeadlineExceeded, world.Events);
    }

    [Fact]
    public void Return_PausedByHand_WaitsForTheEndOfThePause()
    {
        MachineDriver world = Autoscaled(new SetWeightStep(90), new PauseStep(TimeSpan.FromMinutes(30)));
        world.Run(TimeSpan.FromMinutes(29));
        while (world.Written[^1].CanaryWeight != 75)
        {
            world.Run(TimeSpan.FromSeconds(10));
        }

        world.Decide(Command.Pause);
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(75, world.Written[^1].CanaryWeight);

        world.Decide(Command.Resume);
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void Abort_WhileTheStableVersionIsUpdated_GivesTrafficBackAsTheAutoscalerFollows()
    {
        MachineDriver world = Autoscaled(new SetWeightStep(90), new PauseStep(TimeSpan.FromMinutes(30)));
        world.Run(TimeSpan.FromMinutes(29));
        world.Pods.StartsIn = TimeSpan.FromSeconds(30);
        while (world.Pods.Stable!.Revision != "v2")
        {
            world.Run(TimeSpan.FromSeconds(5));
        }

        world.Decide(Command.Abort);
        Assert.Equal(100, world.Written[^1].CanaryWeight);
        world.Run(TimeSpan.FromHours(1));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.Equal("v1", world.Pods.Stable.Revision);
        Assert.InRange(world.Pods.Stable.Replicas, 9, 10);
        Assert.Equal([100, 75, 62], world.Written.Select(s => s.CanaryWeight).Distinct().Where(w => w != 90).Take(3));
        Assert.Equal(0, world.Written[^1].CanaryWeight);
        Assert.InRange(most, 1, MostLoad);
    }

    [Fact]
    public void Abort_StableIsScaledDown_TakesOneWrite()
    {
        MachineDriver world = Autoscaled(new SetWeightStep(90), new PauseStep(null));
        world.Run(TimeSpan.FromMinutes(20));

        world.Decide(Command.Abort);

        Assert.Equal([90, 0], world.Written.Select(s => s.CanaryWeight));
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    /// <summary>
    /// Ten stable pods that bear the load, and an autoscaler with a minimum of two that goes by it. Keeps the most load, in pods' worth, that an available stable
    /// pod got before an abort.
    /// </summary>
    private MachineDriver Autoscaled(params Step[] steps)
    {
        var world = new MachineDriver(Releases.With(steps).WithWorkload());
        answeredAt = world.Now;
        world.Pods.Stable = new FakeDeployment("v1", Load);
        world.Pods.Autoscaled = true;
        world.Pods.Autoscaler = () =>
        {
            double onStable = load * (100 - (world.Rollout.Applied?.CanaryWeight ?? 0)) / 100;
            PodCounts stable = world.Pods.State().Stable!;
            most = Math.Max(most, onStable / Math.Max(1, stable.Available));
            if (world.Now < answeredAt + s_reaction || !stable.IsComplete)
            {
                return stable.Desired;
            }

            answeredAt = world.Now;
            double ratio = onStable / stable.Desired;
            return Math.Abs(ratio - 1) <= 0.1 ? stable.Desired : Math.Max(2, (int)Math.Ceiling(onStable));
        };
        return world;
    }
}
