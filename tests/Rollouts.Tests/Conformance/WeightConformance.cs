using System.Text.Json;
using Rollouts.Journal;
using Rollouts.Manifests;
using Rollouts.Simulation;

namespace Rollouts.Tests.Conformance;

/// <summary>The canary's weight at each step and after the last one, as the machine sets it.</summary>
public sealed class WeightConformance
{
    public static IEnumerable<TheoryDataRow<WeightRow>> Rows => ConformanceRows.Read<WeightRow>("weights.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Run_EachStep_HasArgosWeight(WeightRow row)
    {
        object[] steps = [.. row.Steps.Select(s => s.ValueKind == JsonValueKind.Number ? (object)new { setWeight = s } : new { pause = new { duration = 10 } })];
        Release release = Documents.Rollout(Documents.Object(
            ("steps", steps), ("trafficRouting", new { maxTrafficWeight = row.Max, nginx = new { stableIngress = "i" } }))).Release!;

        SimulationResult result = RolloutSimulator.Run(release, MetricSeries.Empty, []);

        Assert.Equal(
            row.Weights,
            [
                .. result.Events.Where(e => e.Type == EventType.RolloutStepCompleted).OrderBy(e => e.Step).Select(e => e.Weight),
                result.Events.Last(e => e.Type == EventType.RolloutCompleted).Weight,
            ]);
    }
}

/// <param name="Source">Where Argo says so.</param>
/// <param name="Steps">A number sets the weight, a text is a pause.</param>
/// <param name="Weights">The weight once each step is done, and at the end.</param>
/// <param name="Max">The weight that is all traffic.</param>
public sealed record WeightRow(string Source, IReadOnlyList<JsonElement> Steps, IReadOnlyList<int> Weights, int Max = 100) : IConformanceRow;
