using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Tests.Machine.Workloads;

public sealed class ExperimentTests
{
    private static readonly MetricTemplate Repeated = Releases.Single with { Interval = "1m", Count = "3" };

    private static readonly ExperimentTemplate[] Sides =
        [new("baseline", WorkloadRole.Stable, 2), new("canary", WorkloadRole.Canary, 2)];

    [Fact]
    public void Experiment_Duration_RunsFromWhenItsPodsAreAvailable()
    {
        MachineDriver world = Run(new ExperimentStep(Sides, [], TimeSpan.FromMinutes(5)), null, TimeSpan.FromMinutes(4));
        Assert.Equal(("v1", 2), (world.Pods.Experiments["baseline"].Revision, world.Pods.Experiments["baseline"].Replicas));
        Assert.Equal("v2", world.Pods.Experiments["canary"].Revision);
        Assert.Empty(world.Written);

        world.Run(TimeSpan.FromMinutes(2));
        Assert.Empty(world.Pods.Experiments);
        Assert.Equal(RolloutOutcome.Promoted, Ended(world).Outcome);
    }

    [Fact]
    public void Experiment_Analyses_AreMeasuredSideBySideUnderTheirNames()
    {
        HashSet<string> measured = [];
        var world = new MachineDriver(Releases.With(null, Repeated, Both(required: false)).WithWorkload())
        {
            Measure = take =>
            {
                measured.Add(take.Metric.Name);
                return "[0]";
            },
        };
        world.Run(TimeSpan.FromMinutes(4));
        Assert.Equal(["baseline/error-rate", "canary/error-rate"], measured.Order());
        Assert.Equal(0, world.Rollout.StepIndex);
        Assert.Equal(WaitingFor.Analysis, RolloutStatusView.Of(world.Turn).WaitingFor);

        Assert.Equal(RolloutOutcome.Promoted, Ended(world).Outcome);
    }

    [Fact]
    public void Experiment_RequiredAnalysisDone_EndsBeforeTheDuration()
    {
        var world = new MachineDriver(Releases.With(null, Repeated, Both(required: true), new PauseStep(null)).WithWorkload());
        world.Run(TimeSpan.FromMinutes(4));

        Assert.Equal(1, world.Rollout.StepIndex);
        Assert.Empty(world.Pods.Experiments);
    }

    [Fact]
    public void Experiment_AnalysisStillRunningAtTheEnd_IsTerminatedAsASuccess()
    {
        MetricTemplate endless = Releases.Single with { Interval = "1m" };
        MachineDriver world = Run(Both(required: false), endless, TimeSpan.FromMinutes(11));

        Assert.Contains(EventType.AnalysisRunSuccessful, world.Events);
        Assert.Equal(RolloutOutcome.Promoted, Ended(world).Outcome);
    }

    [Fact]
    public void Experiment_OneSideFails_RollsBackAndTakesItsPodsAway()
    {
        var world = new MachineDriver(Releases.With(null, Repeated, new SetWeightStep(25), Both(required: false)).WithWorkload())
        {
            Measure = take => take.Metric.Name.StartsWith("canary/", StringComparison.Ordinal) ? "[1]" : "[0]",
        };
        world.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
        Assert.StartsWith("Experiment phase error/failed: Metric \"canary/error-rate\" assessed Failed", world.Rollout.Message, StringComparison.Ordinal);
        Ended(world);
        Assert.Equal(["error-rate"], Assert.Single(world.Ledger).Value.FailedTemplates);
        Assert.Equal(0, world.Written[^1].CanaryWeight);
        Assert.Empty(world.Pods.Experiments);
    }

    [Fact]
    public void Experiment_Inconclusive_Asks()
    {
        MachineDriver world = Run(Both(required: false), null, TimeSpan.FromMinutes(1), "[0.03]");
        Assert.Equal(QuestionKind.Inconclusive, world.Rollout.Question?.Kind);

        world.Decide(Command.Promote);
        Assert.Equal(RolloutOutcome.Promoted, Ended(world).Outcome);
    }

    [Fact]
    public void Experiment_NoDataOfOneMetric_IsTreatedAsThePolicySaysOfIt()
    {
        RolloutPolicy policy = new()
        {
            NoData = new UnclearPolicy { Action = UnclearAction.Wait, For = TimeSpan.FromHours(1), Then = UnclearAction.Abort },
            Metrics = [new MetricPolicy { Name = "error-rate", NoData = new UnclearPolicy { Action = UnclearAction.Ask } }],
        };
        var world = new MachineDriver(Releases.With(policy, Repeated, Both(required: true)).WithWorkload()) { Measure = _ => "[]" };
        world.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(QuestionKind.NoData, world.Rollout.Question?.Kind);
    }

    [Fact]
    public void Experiment_PodsDoNotComeUp_FailsAtTheProgressDeadline()
    {
        var world = new MachineDriver(Releases.With(Both(required: false)).WithWorkload());
        world.Pods.Broken.Add("v2");
        world.Run(TimeSpan.FromMinutes(12));

        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
        Assert.Contains("canary 0 of 2 available, ImagePullBackOff", world.Rollout.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Experiment_NoStableVersionYet_IsSkipped()
    {
        Release release = Releases.With(new RolloutPolicy { FirstDeployment = FirstDeploymentPolicy.Analyse }, null, Both(required: false)).WithWorkload();
        var world = new MachineDriver(release);
        world.Pods.Stable = null;
        world.Run(TimeSpan.FromMinutes(2));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.All(world.Pods.Plans, p => Assert.Empty(p.Experiments));
    }

    [Fact]
    public void Promote_DuringAnExperiment_SkipsIt()
    {
        MachineDriver world = Run(Both(required: false), Repeated, TimeSpan.FromMinutes(1));
        world.Decide(Command.Promote);

        Assert.Equal(RolloutOutcome.Promoted, Ended(world).Outcome);
        Assert.Empty(world.Pods.Experiments);
    }

    private static ExperimentStep Both(bool required) => new(
        Sides,
        [new ExperimentAnalysis("baseline", Releases.ErrorRate, required), new ExperimentAnalysis("canary", Releases.ErrorRate, required)],
        TimeSpan.FromMinutes(10));

    private static MachineDriver Run(ExperimentStep step, MetricTemplate? metric, TimeSpan time, string value = "[0]")
    {
        var world = new MachineDriver(Releases.With(null, metric, step).WithWorkload()) { Measure = _ => value };
        world.Run(time);
        return world;
    }

    private static Rollout Ended(MachineDriver world)
    {
        world.Run(TimeSpan.FromMinutes(15));
        return world.Rollout;
    }
}
