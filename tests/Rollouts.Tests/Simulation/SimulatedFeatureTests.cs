using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Simulation;
using static Rollouts.Tests.Simulation.SimulatedRelease;

namespace Rollouts.Tests.Simulation;

/// <summary>Whatever a manifest and a policy may hold, and whatever may be decided, can be tried out: each test is one such thing.</summary>
public sealed class SimulatedFeatureTests
{
    private const string Analysis = "{analysis: {templates: [{templateName: errors}]}}";

    private static readonly DateTimeOffset Friday = new(2026, 11, 27, 15, 0, 0, TimeSpan.FromHours(1));

    [Fact]
    public void SetCanaryScale_AllThreeForms_SizeTheCanary()
    {
        SimulationResult result = Run("""
            steps:
            - setCanaryScale: {replicas: 3}
            - pause: {duration: 1m}
            - setWeight: 20
            - setCanaryScale: {weight: 50}
            - pause: {duration: 1m}
            - setCanaryScale: {matchTrafficWeight: true}
            - pause: {duration: 1m}
            """);

        Assert.Equal(["3", "5", "2", "10"], Spans(result, "canary pods").Select(s => s.Text));
        Assert.Equal([0, 60, 120, 180], Spans(result, "canary pods").Select(s => s.From));
    }

    [Fact]
    public void DynamicStableScale_WeightRises_ShrinksTheStableVersion()
    {
        SimulationResult result = Run("dynamicStableScale: true\nsteps: [{setWeight: 30}, {pause: {duration: 1m}}]");

        Assert.Equal(["7", "10"], Spans(result, "stable pods").Select(s => s.Text));
    }

    [Fact]
    public void Routes_ComeAndGo_AreShown()
    {
        SimulationResult result = Run("""
            steps:
            - setHeaderRoute: {name: internal, match: [{headerName: X-User, headerValue: {prefix: staff-}}]}
            - setMirrorRoute: {name: shadow, percentage: 30, match: [{method: {exact: GET}}]}
            - pause: {duration: 2m}
            - setMirrorRoute: {name: shadow}
            - pause: {duration: 1m}
            """);

        Assert.Equal([new("header route internal", 0, 180, "X-User: staff-…"), new("mirror route shadow", 0, 120, "30 %")], result.Spans.Where(s => s.Name.Contains("route")));
        Assert.Contains(result.Events, e => e is { Type: EventType.HeaderRouteUpdated, Weight: 0 });
        Assert.Contains(result.Events, e => e.Type == EventType.MirrorRouteUpdated);
    }

    [Fact]
    public void Experiment_BothVersions_RunSideBySideAndGo()
    {
        const string steps = """
            steps:
            - experiment:
                duration: 5m
                templates: [{name: baseline, specRef: stable, replicas: 2}, {name: candidate, specRef: canary, replicas: 2}]
                analyses: [{name: compare, templateName: errors}]
            """;
        SimulationResult good = Run(steps, series: """{"error-rate": [[0.001]]}""");
        SimulationResult bad = Run(steps, series: """{"error-rate": [[0.2]]}""");

        Assert.Equal([("experiment baseline", "2 of stable", 300), ("experiment candidate", "2 of canary", 300)], good.Spans.Where(s => s.Name.StartsWith("exp", StringComparison.Ordinal)).Select(s => (s.Name, s.Text, s.To!.Value)));
        Assert.Equal((RolloutOutcome.Promoted, RolloutOutcome.RolledBack), (good.Outcome!.Value, bad.Outcome!.Value));
    }

    [Fact]
    public void BackgroundAnalysis_StartingStep_BeginsThereAndFailsTheRollout()
    {
        SimulationResult result = Run(
            "analysis: {startingStep: 2, templates: [{templateName: errors}]}\nsteps: [{setWeight: 10}, {pause: {duration: 5m}}, {setWeight: 20}, {pause: {duration: 10m}}]",
            series: """{"error-rate": [[0.001], [0.001], [0.2]]}""",
            metric: "interval: 1m");

        Assert.Equal([300, 360, 420], result.Measurements.Select(m => m.At));
        Assert.Equal((RolloutOutcome.RolledBack, 420), (result.Outcome!.Value, result.DurationSeconds));
        Assert.Equal((300, 420), (Spans(result, "background analysis")[0].From, Spans(result, "background analysis")[0].To));
    }

    [Fact]
    public void DryRun_FailsWithoutCounting()
    {
        SimulationResult result = Run($"steps: [{{setWeight: 10}}, {{analysis: {{templates: [{{templateName: errors}}], dryRun: [{{metricName: \"rat\"}}]}}}}]", series: """{"error-rate": [[0.9]]}""");

        Assert.Equal(RolloutOutcome.Promoted, result.Outcome);
        Assert.Equal((MeasurementPhase.Failed, true), (result.Measurements[0].Phase, result.Measurements[0].DryRun));
    }

    [Theory]
    [InlineData("[0.01, 0.005, 0.001]", RolloutOutcome.Promoted)]
    [InlineData("[0.01, 0.5, 0.001]", RolloutOutcome.RolledBack)]
    public void RangeQuery_ValuesOfASpan_AreJudged(string values, RolloutOutcome outcome) => Assert.Equal(
        outcome,
        Run(
            $"steps: [{{setWeight: 10}}, {Analysis}]",
            series: $$"""{"error-rate": [{{values}}]}""",
            judged: """
                successCondition: all(result, {# < 0.02})
                provider: {prometheus: {query: errors, rangeQuery: {start: 'now() - duration("5m")', end: now(), step: 1m}}}
                """).Outcome);

    [Theory]
    [InlineData(Command.PromoteFull, RolloutOutcome.Promoted, 60)]
    [InlineData(Command.Promote, RolloutOutcome.Promoted, 660)]
    [InlineData(Command.Abort, RolloutOutcome.Aborted, 60)]
    [InlineData(Command.Supersede, RolloutOutcome.Superseded, 60)]
    [InlineData(Command.Restart, RolloutOutcome.Promoted, 1200)]
    public void Decision_InAPause_Acts(Command command, RolloutOutcome outcome, double end)
    {
        SimulationResult result = Run("steps: [{setWeight: 10}, {pause: {duration: 10m}}, {setWeight: 50}, {pause: {duration: 10m}}]", decisions: [At(60, command)]);

        Assert.Equal((outcome, end), (result.Outcome!.Value, result.DurationSeconds));
    }

    [Fact]
    public void PauseAndResume_HoldTheWeight()
    {
        SimulationResult result = Run(
            "steps: [{setWeight: 10}, {pause: {duration: 1m}}, {setWeight: 50}, {pause: {duration: 1m}}]", decisions: [At(30, Command.Pause), At(600, Command.Resume)]);

        Assert.Equal(600, result.Weights[2].At);
        Assert.Equal(new SimulatedSpan("paused by hand", 30, 600, "by jo"), Spans(result, "paused by hand").Single());
    }

    [Theory]
    [InlineData(null, 260)]
    [InlineData(2, 200)]
    public void Retry_FromAStep_BeginsThere(int? step, double reached)
    {
        SimulationResult result = Run(
            "steps: [{setWeight: 10}, {pause: {duration: 1m}}, {setWeight: 50}, {pause: {duration: 5m}}]", decisions: [At(100, Command.Abort), At(200, Command.Retry, step)]);

        Assert.Equal(RolloutOutcome.Promoted, result.Outcome);
        Assert.Equal(reached, result.Weights.First(w => w is { At: >= 200, Weight: 50 }).At);
    }

    [Theory]
    [InlineData(0, "Rollback to stable", 0)]
    [InlineData(1, "Rollback within window", 0)]
    [InlineData(3, "Rollback within window", 0)]
    [InlineData(4, null, 600)]
    public void Undo_VersionWithinTheWindow_TakesNoSteps(int versionsAgo, string? skipped, double end)
    {
        SimulationResult result = Run(
            "steps: [{setWeight: 10}, {pause: {duration: 10m}}]",
            spec: "rollbackWindow: {revisions: 3}",
            cluster: new ClusterBehavior { PodStartupSeconds = 0, VersionsAgo = versionsAgo });

        Assert.Equal(end, result.DurationSeconds);
        Assert.Equal(skipped, result.Events.FirstOrDefault(e => e.Type == EventType.SkipSteps)?.Message.Split(':')[0]);
        Assert.Equal(versionsAgo is > 0 and <= 3 ? RolloutOutcome.FastRolledBack : RolloutOutcome.Promoted, result.Outcome);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("firstDeployment: analyse", 600)]
    public void FirstDeployment_StepsAreSkippedUnlessThePolicyAnalyses(string? policy, double end)
    {
        SimulationResult result = Run(
            $"steps: [{{setWeight: 10}}, {{pause: {{duration: 10m}}}}, {Analysis}]", policy, cluster: new ClusterBehavior { PodStartupSeconds = 0, FirstDeployment = true });

        Assert.Equal((RolloutOutcome.Promoted, end), (result.Outcome!.Value, result.DurationSeconds));
        Assert.Equal(policy is null ? 0 : 1, result.Measurements.Count);
    }

    [Theory]
    [InlineData("progressDeadlineSeconds: 60\nprogressDeadlineAbort: true", 60)]
    [InlineData("progressDeadlineSeconds: 60", 86_460)]
    public void ProgressDeadline_PodsDoNotComeUp_AbortsOrWaits(string spec, double end)
    {
        SimulationResult result = Run(
            "steps: [{setWeight: 10}]", spec: spec, cluster: new ClusterBehavior { Faults = [new() { What = FaultyPart.Pods }] });

        Assert.Equal((RolloutOutcome.Aborted, end), (result.Outcome!.Value, result.DurationSeconds));
        Assert.DoesNotContain(result.Weights, w => w.Weight > 0);
    }

    [Theory]
    [InlineData("", 90.0)]
    [InlineData("abortScaleDownDelaySeconds: 120\n", 180.0)]
    [InlineData("abortScaleDownDelaySeconds: 0\n", null)]
    public void AbortScaleDownDelay_CanaryPods_StayThatLong(string field, double? until)
    {
        SimulationResult result = Run(field + "steps: [{setWeight: 10}, {pause: {}}]", decisions: [At(60, Command.Abort)]);

        Assert.Equal(until, Spans(result, "canary pods")[^1].To);
    }

    [Fact]
    public void ScaleDownDelay_CanaryPods_StayThatLong()
    {
        SimulationResult result = Run("scaleDownDelaySeconds: 300\nsteps: [{setWeight: 10}]");

        Assert.Equal(300, Spans(result, "canary pods")[^1].To);
    }

    [Fact]
    public void Deadline_OfTheWholeRollout_EndsIt()
    {
        SimulationResult result = Run("steps: [{setWeight: 10}, {pause: {duration: 3h}}]", policy: "deadline: 1h");

        Assert.Equal((RolloutOutcome.Aborted, 3600), (result.Outcome!.Value, result.DurationSeconds));
    }

    [Fact]
    public void Bake_FailureAfterFullWeight_RollsBack()
    {
        SimulationResult result = Run(
            "steps: [{setWeight: 50}, {pause: {duration: 1m}}]",
            policy: "bake: {for: 30m, analysis: {templates: [{templateName: errors}]}}",
            series: """{"error-rate": [[0.001], [0.001], [0.3]]}""",
            metric: "interval: 5m");

        Assert.Equal((RolloutOutcome.RolledBack, 660), (result.Outcome!.Value, result.DurationSeconds));
        Assert.Equal(new SimulatedSpan("bake time", 60, 660, ""), Spans(result, "bake time").Single());
        Assert.Equal(new SimulatedWeight(660, 0), result.Weights[^1]);
    }

    [Fact]
    public void MinimumRequests_TooFew_MeasurementWaitsForMore()
    {
        SimulationResult result = Run(
            $"steps: [{{setWeight: 10}}, {Analysis}]",
            policy: "minimumRequests: {query: 'sum(increase(requests[5m]))', count: 100}",
            series: """{"error-rate": [[0.001]]}""",
            cluster: new ClusterBehavior { PodStartupSeconds = 0, RequestsPerSecond = 20 });

        // Two requests a second reach the canary, and no data is asked for again every 10 s.
        Assert.Equal([0, 10, 20, 30, 40, 50], result.Measurements.Select(m => m.At));
        Assert.Equal("too few requests (80 of at least 100)", result.Measurements[4].Message);
        Assert.Equal((MeasurementPhase.Successful, RolloutOutcome.Promoted), (result.Measurements[5].Phase, result.Outcome!.Value));
    }

    [Fact]
    public void MinimumRequests_NightWithoutUsers_AsksAfterTheWait()
    {
        SimulationResult result = Run(
            $"steps: [{{setWeight: 10}}, {{pause: {{duration: 30m}}}}, {Analysis}]",
            policy: "minimumRequests: {query: 'sum(increase(requests[5m]))', count: 100}\nnoData: {action: wait, for: 5m, then: abort}",
            cluster: new ClusterBehavior { PodStartupSeconds = 0, RequestsPerSecond = 20, RequestChanges = [new(600, 0.1)] });

        Assert.Equal((RolloutOutcome.RolledBack, 2100), (result.Outcome!.Value, result.DurationSeconds));
        Assert.Contains("too few requests (3 of at least 100)", result.Measurements[^1].Message!, StringComparison.Ordinal);
        Assert.Equal((long)((20 * 0.1 * 600) + (0.1 * 0.1 * 1500)), result.CanaryRequests);
    }

    [Fact]
    public void BackgroundAfterRequests_BeginsWithTheRequests()
    {
        SimulationResult result = Run(
            "analysis: {templates: [{templateName: errors}]}\nsteps: [{setWeight: 10}, {pause: {duration: 10m}}]",
            policy: "background: {afterRequests: {query: 'sum(requests)', count: 300}}",
            series: """{"error-rate": [[0.001]]}""",
            metric: "interval: 1m",
            cluster: new ClusterBehavior { PodStartupSeconds = 0, RequestsPerSecond = 20 });

        Assert.Equal(150, result.Measurements.First(m => m.Metric == "error-rate").At);
        Assert.Equal("300", result.Measurements.Last(m => m.Metric == "requests").Value);
    }

    [Fact]
    public void BackgroundStart_DefaultWaitsForTheCanarysTraffic()
    {
        const string canary = "analysis: {templates: [{templateName: errors}]}\nsteps: [{pause: {duration: 5m}}, {setWeight: 10}, {pause: {duration: 10m}}]";

        Assert.Equal(300, Run(canary, series: """{"error-rate": [[0.001]]}""", metric: "interval: 1m").Measurements[0].At);
        Assert.Equal(0, Run(canary, "background: {startOn: startingStep}", """{"error-rate": [[0.001]]}""", metric: "interval: 1m").Measurements[0].At);
    }

    [Theory]
    [InlineData("wait", 600, RolloutOutcome.Promoted)]
    [InlineData("{action: abort}", 40, RolloutOutcome.RolledBack)]
    [InlineData("{action: continue}", 0, RolloutOutcome.Promoted)]
    [InlineData("{action: ask}", 86_400, RolloutOutcome.Aborted)]
    public void NoDataPolicy_EmptyVectors_DoAsItSays(string action, double end, RolloutOutcome outcome)
    {
        string waits = string.Join(", ", Enumerable.Repeat("[]", action == "wait" ? 60 : 100_000).Append("[0.001]"));
        SimulationResult result = Run($"steps: [{{setWeight: 10}}, {Analysis}]", $"noData: {action}", $$"""{"error-rate": [{{waits}}]}""");

        Assert.Equal((outcome, end), (result.Outcome!.Value, result.DurationSeconds));
    }

    [Fact]
    public void Freeze_WeightIsRaisedWhenItIsOver()
    {
        SimulationResult result = Run(
            "steps: [{setWeight: 10}, {pause: {duration: 2h}}, {setWeight: 50}, {pause: {duration: 10m}}]",
            policy: "schedule: {timeZone: Europe/Berlin, freezes: [{from: \"2026-11-27 16:00\", to: \"2026-11-27 20:00\", reason: sale}]}",
            cluster: new ClusterBehavior { PodStartupSeconds = 0, StartsAt = Friday });

        // From 15:00 a step of two hours; then until 20:00.
        Assert.Equal([(0, 0), (0, 10), (18_000, 50), (18_600, 100)], result.Weights.Where(w => w.At <= 18_600 && (w.At < 18_600 || w.Weight > 0)).Select(w => ((int)w.At, w.Weight)));
        Assert.Equal((7_200, 18_000), (Spans(result, "schedule closed")[0].From, Spans(result, "schedule closed")[0].To));
        Assert.Contains(result.Events, e => e.Type == EventType.ScheduleClosed && e.Message.Contains("a freeze (sale) until 2026-11-27 20:00", StringComparison.Ordinal));
    }

    [Fact]
    public void BusinessHours_WeekendComes_RolloutGoesOnOnMonday()
    {
        SimulationResult result = Run(
            "steps: [{setWeight: 10}, {pause: {duration: 3h}}]",
            policy: "schedule: {timeZone: Europe/Berlin, businessHours: [{days: [Mon, Tue, Wed, Thu, Fri], from: \"09:00\", to: \"17:00\"}]}",
            cluster: new ClusterBehavior { PodStartupSeconds = 0, StartsAt = Friday });

        // From Friday 15:00 to Monday 09:00.
        Assert.Equal(66 * 3600, result.Weights.First(w => w.Weight == 100).At);
    }

    [Fact]
    public void Question_OpenWhileAnalysisGoesOn_FailureRollsBack()
    {
        SimulationResult result = Run(
            "analysis: {templates: [{templateName: errors}]}\nsteps: [{setWeight: 10}, {pause: {duration: 20m}}]",
            series: """{"error-rate": [[0.001], [0.03], [0.03], [0.001], [0.4]]}""",
            metric: "interval: 1m");

        Assert.Equal(RolloutOutcome.RolledBack, result.Outcome);
        Assert.Equal(MeasurementPhase.Failed, result.Measurements[^1].Phase);
        Assert.NotEmpty(Spans(result, "question open"));
    }

    private static SimulatedSpan[] Spans(SimulationResult result, string name) => [.. result.Spans.Where(s => s.Name == name)];
}
