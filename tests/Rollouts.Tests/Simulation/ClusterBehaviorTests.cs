using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Simulation;
using Rollouts.Tests.Machine;

namespace Rollouts.Tests.Simulation;

public sealed class ClusterBehaviorTests
{
    [Fact]
    public void Run_WeightsAndPhases_AreTold()
    {
        SimulationResult result = Run(ClusterBehavior.Obedient with { RequestsPerSecond = 10 });

        Assert.Equal([new(0, 0), new(0, 5), new(300, 25), new(900, 100)], result.Weights);
        Assert.Equal(
            [new(0, RolloutPhase.Progressing), new(0, RolloutPhase.Paused), new(300, RolloutPhase.Paused), new(900, RolloutPhase.Healthy)],
            result.Phases.Where(p => p.Phase != RolloutPhase.Progressing || p.At == 0).Where(p => p.Phase != RolloutPhase.Paused || p.At is 0 or 300));
        Assert.Equal(((300 * 0.05) + (600 * 0.25)) / 900, result.CanaryShare, 6);
        Assert.Equal(1650, result.CanaryRequests);
        Assert.Equal([MeasurementPhase.Successful], result.Measurements.Select(m => m.Phase));
    }

    [Fact]
    public void Run_TrafficFault_HoldsTheWeightUntilItIsOver()
    {
        SimulationResult result = Run(new() { Faults = [new() { What = FaultyPart.Traffic, At = 290, For = 60, Message = "conflict" }] });

        Assert.Equal(RolloutOutcome.Promoted, result.Outcome);
        Assert.InRange(result.Weights[2].At, 350, 420);
        Assert.Contains(result.Events, e => e.Type == EventType.EffectFailing && e.Message.Contains("conflict", StringComparison.Ordinal));
        Assert.Contains(result.Events, e => e.Type == EventType.EffectRecovered);
    }

    [Fact]
    public void Run_TrafficFaultWithoutEnd_IsGivenUp()
    {
        SimulationResult result = Run(new() { Faults = [new() { What = FaultyPart.Traffic, At = 290 }] });

        Assert.Equal((RolloutOutcome.Aborted, 5), (result.Outcome!.Value, result.Weights[^1].Weight));
        Assert.Contains("could not be set to 0", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MetricsFault_WaitsUntilItIsOver()
    {
        SimulationResult result = Run(new() { Faults = [new() { What = FaultyPart.Metrics, At = 0, For = 400, Message = "connection refused" }] });

        Assert.Equal(RolloutOutcome.Promoted, result.Outcome);
        Assert.Contains(result.Measurements, m => m is { Phase: MeasurementPhase.Error, Message: "connection refused" });
        Assert.InRange(result.Weights[2].At, 400, 420);
    }

    [Theory]
    [InlineData(-1, 0, null, "podStartupSeconds must be 0 or more")]
    [InlineData(1, double.NaN, null, "requestsPerSecond must be 0 or more")]
    [InlineData(1, 0, -3.0, "faults[0].for must be seconds")]
    [InlineData(1, 0, 3.0, null)]
    public void Problem_Impossible_IsNamed(double startup, double requests, double? length, string? expected) =>
        Assert.Equal(
            expected,
            new ClusterBehavior
            {
                PodStartupSeconds = startup,
                RequestsPerSecond = requests,
                Faults = [new() { What = FaultyPart.Pods, For = length }],
            }.Problem());

    private static SimulationResult Run(ClusterBehavior cluster) => RolloutSimulator.Run(Releases.Article(), MetricSeries.Empty, [], cluster);
}
