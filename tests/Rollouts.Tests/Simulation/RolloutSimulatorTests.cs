using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;
using Rollouts.Simulation;
using Rollouts.Tests.Machine;

namespace Rollouts.Tests.Simulation;

public sealed class RolloutSimulatorTests
{
    [Fact]
    public void Simulate_WithoutSeries_IsPromotedAfterItsPauses()
    {
        SimulationResult result = RolloutSimulator.Run(Releases.Article(), MetricSeries.Empty, []);
        Assert.Equal((RolloutOutcome.Promoted, RolloutPhase.Healthy, 900.0), (result.Outcome!.Value, result.Phase, result.DurationSeconds));
        Assert.Equal([5, 25, 100], result.Events.Where(e => e.Type == EventType.TrafficWeightUpdated).Select(e => e.Weight));
    }

    [Fact]
    public void Simulate_BadSeries_IsRolledBackWhenTheLimitIsExceeded()
    {
        SimulationResult result = RolloutSimulator.Run(
            Releases.Article(metric: Releases.Single with { Interval = "1m", Count = "5", FailureLimit = "2" }),
            MetricSeries.Parse("""{"error-rate": [[0.2], [0.004], [0.3], [0.2]]}"""),
            []);
        Assert.Equal((RolloutOutcome.RolledBack, 480.0), (result.Outcome!.Value, result.DurationSeconds));
        Assert.Equal(0, result.Events[^1].Weight);
    }

    [Fact]
    public void Simulate_Decisions_AreTakenAtTheirTime()
    {
        SimulationResult result = RolloutSimulator.Run(
            Releases.Article(),
            MetricSeries.Empty,
            [
                new(TimeSpan.FromSeconds(700), Command.Retry, "kim"),
                new(TimeSpan.FromSeconds(400), Command.Abort, "jo", "page on fire"),
            ]);
        Assert.Equal((RolloutOutcome.Promoted, 1600.0), (result.Outcome!.Value, result.DurationSeconds));
        Assert.Contains(result.Events, e => e is { At: 400, Type: EventType.RolloutAborted } && e.Message.Contains("page on fire", StringComparison.Ordinal));
        Assert.Contains(result.Events, e => e is { At: 700, Type: EventType.RolloutRetry });
    }

    [Fact]
    public void Simulate_DecisionAfterTheEnd_IsAnsweredOnRecord()
    {
        SimulationResult result = RolloutSimulator.Run(Releases.Article(), MetricSeries.Empty, [new(TimeSpan.FromHours(2), Command.Abort, "jo")]);
        Assert.Equal((RolloutOutcome.Promoted, 900.0), (result.Outcome!.Value, result.DurationSeconds));
        Assert.Equal(EventType.DecisionRejected, result.Events[^1].Type);
    }

    [Fact]
    public void Simulate_NobodyAnswersUnderArgosRules_IsLeftWaiting()
    {
        SimulationResult result = RolloutSimulator.Run(
            Releases.Article(RolloutPolicy.Argo), MetricSeries.Parse("""{"error-rate": [[0.03]]}"""), []);
        Assert.Null(result.Outcome);
        Assert.Equal(RolloutPhase.Paused, result.Phase);
    }

    [Fact]
    public void Simulate_TenHoursOfMeasurements_RecordsEachOfThem()
    {
        SimulationResult result = RolloutSimulator.Run(
            Releases.Article(metric: Releases.Single with { Interval = "10s", Count = "3600" }), MetricSeries.Parse("""{"error-rate": [[0.001]]}"""), []);
        Assert.Equal(RolloutOutcome.Promoted, result.Outcome);
        Assert.Equal(3600, result.Events.Count(e => e.Type == EventType.Measured));
    }

    [Theory]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"m": 1}""", "m: must be a list")]
    [InlineData("""{"m": [1}""", "line 1")]
    public void ParseSeries_BadText_SaysWhere(string text, string message) =>
        Assert.Contains(message, Assert.Throws<SeriesFormatException>(() => MetricSeries.Parse(text)).Message, StringComparison.Ordinal);
}
