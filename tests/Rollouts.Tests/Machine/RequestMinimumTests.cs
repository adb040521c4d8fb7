using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Tests.Machine;

/// <summary>Low traffic: measurements that do not count, and an analysis that waits for its first requests.</summary>
public sealed class RequestMinimumTests
{
    private static readonly RequestMinimum Hundred = new() { Query = new PrometheusQuery { Query = "sum(increase(requests[5m]))" }, Count = 100 };

    [Theory]
    [InlineData("a", 100)]
    [InlineData("error-rate", 20)]
    public void Resolve_Policy_GivesEachMetricItsMinimum(string metric, double expected)
    {
        AnalysisTemplate template = new() { Name = "t", Metrics = [Releases.Single with { Name = metric }], Args = [new("svc", "web")] };
        RolloutPolicy policy = new()
        {
            MinimumRequests = Hundred with { Query = new PrometheusQuery { Query = "sum(increase(requests{svc=\"{{args.svc}}\"}[5m]))" } },
            Metrics = [new MetricPolicy { Name = "error-rate", MinimumRequests = Hundred with { Count = 20 } }],
        };

        Metric resolved = Assert.Single(ArgumentResolution.Resolve([template], new AnalysisStep([], []), new AnalysisContext { Policy = policy }).Metrics!);

        Assert.Equal(expected, resolved.Minimum!.Count);
        Assert.DoesNotContain("{{", resolved.Minimum.Query.Query);
    }

    [Fact]
    public void Analysis_TooFewRequests_CountNeitherForNorAgainst()
    {
        bool isEnough = false;
        var world = new MachineDriver(Releases.With(new RolloutPolicy { MinimumRequests = Hundred }, null, new SetWeightStep(5), Releases.ErrorRate));
        world.Answer = effect => effect is TakeMeasurement take && !isEnough ? TooFew(take, world.Now) : null;

        world.Run(TimeSpan.FromMinutes(9));
        Assert.Equal((0, 5), (world.Rollout.Analysis!.Metrics[0].Count, world.Rollout.Applied!.CanaryWeight));
        world.Run(TimeSpan.FromMinutes(2));
        Assert.StartsWith("metric \"error-rate\" has too few requests (7 of at least 100) since ", world.Rollout.Question!.Message);

        isEnough = true;
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Theory]
    [InlineData(UnclearAction.Abort, RolloutOutcome.RolledBack)]
    [InlineData(UnclearAction.Continue, RolloutOutcome.Promoted)]
    public void Analysis_NoDataOfOneMetric_IsByItsOwnPolicy(UnclearAction action, RolloutOutcome expected)
    {
        RolloutPolicy policy = new() { Metrics = [new MetricPolicy { Name = "error-rate", NoData = new UnclearPolicy { Action = action } }] };
        var world = new MachineDriver(Releases.With(policy, null, new SetWeightStep(5), Releases.ErrorRate)) { Measure = _ => "[]" };

        world.Run(TimeSpan.FromMinutes(2));

        Assert.Equal(expected, world.Rollout.Outcome);
    }

    [Fact]
    public void Background_AfterRequests_BeginsOnceTheCanaryHasHadThem()
    {
        bool isEnough = false;
        RolloutPolicy policy = new() { Background = new BackgroundPolicy { AfterRequests = Hundred } };
        var world = new MachineDriver(Backgrounds.With(policy, new SetWeightStep(5), new PauseStep(TimeSpan.FromHours(2))));
        world.Answer = effect => effect is TakeMeasurement { Metric.Name: "requests" } take && !isEnough ? TooFew(take, world.Now) : null;

        world.Run(TimeSpan.FromHours(1));
        Assert.Null(world.Rollout.Background);
        Assert.Null(world.Rollout.Question);
        Assert.InRange(world.Rollout.RequestCount!.Metrics[0].Taken, 350, 365);
        Assert.DoesNotContain(EventType.Measured, world.Events);

        isEnough = true;
        world.Run(TimeSpan.FromSeconds(11));
        Assert.Equal(MeasurementPhase.Running, world.Rollout.Background!.Phase);
        world.Run(TimeSpan.FromHours(2));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void Background_RequestsNeverCome_EndsWithTheSteps()
    {
        RolloutPolicy policy = new() { Background = new BackgroundPolicy { AfterRequests = Hundred } };
        var world = new MachineDriver(Backgrounds.With(policy, new SetWeightStep(5), new PauseStep(TimeSpan.FromMinutes(5))));
        world.Answer = effect => effect is TakeMeasurement take ? TooFew(take, world.Now) : null;

        world.Run(TimeSpan.FromMinutes(6));

        Assert.Equal((RolloutOutcome.Promoted, null), (world.Rollout.Outcome, world.Rollout.Background));
    }

    private static MeasurementTaken TooFew(TakeMeasurement take, DateTimeOffset now) => new(take.Run, take.Metric.Name, take.Number, new Measurement
    {
        StartedAt = now,
        FinishedAt = now,
        Phase = MeasurementPhase.Error,
        Message = "too few requests (7 of at least 100)",
        NoData = true,
    });
}
