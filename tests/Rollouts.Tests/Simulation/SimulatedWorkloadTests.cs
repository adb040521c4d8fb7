using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Simulation;
using Rollouts.Steps;
using Rollouts.Tests.Machine;

namespace Rollouts.Tests.Simulation;

public sealed class SimulatedWorkloadTests
{
    [Fact]
    public void Run_ReleaseWithPods_IsPromotedBehindItsCanary()
    {
        SimulationResult result = RolloutSimulator.Run(
            Releases.With(new SetCanaryScaleStep(Replicas: 2), new SetWeightStep(50), new PauseStep(TimeSpan.FromMinutes(5))).WithWorkload(),
            MetricSeries.Empty,
            [],
            new ClusterBehavior { PodStartupSeconds = 0 });

        Assert.Equal(RolloutOutcome.Promoted, result.Outcome);
        Assert.Equal(300, result.DurationSeconds);
        Assert.Contains(result.Events, e => e is { Type: EventType.ScalingReplicaSet, Message: "Scaled up canary v2 from 0 to 2" });
        Assert.Contains(result.Events, e => e is { Type: EventType.StableUpdated, Weight: 100 });
        Assert.Equal(0, result.Events[^1].Weight);
    }

    [Fact]
    public void Run_TemplateNotYetResolved_HasARevisionAllTheSame()
    {
        var release = Releases.With(new SetWeightStep(50)).WithWorkload();
        SimulationResult result = RolloutSimulator.Run(release with { Workload = release.Workload! with { Revision = null } }, MetricSeries.Empty, []);

        Assert.Equal(RolloutOutcome.Promoted, result.Outcome);
    }
}
