using Rollouts.Analysis;
using Rollouts.Simulation;

namespace Rollouts.Tests.Conformance;

/// <summary>Whole runs: which phase they end in, when, by which message, and how often each metric was measured.</summary>
public sealed class RunConformance
{
    public static IEnumerable<TheoryDataRow<RunRow>> Rows => ConformanceRows.Read<RunRow>("runs.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Run_Measurements_EndAsInArgo(RunRow row)
    {
        string series = string.Join(", ", row.Metrics.Select(m => $"\"{m.Name}\": [{string.Join(", ", m.Takes.Select(Value))}]"));

        AnalysisRun run = AnalysisSimulator.Run(
            [.. row.Metrics.Select(m => m.ToMetric())], MetricSeries.Parse($"{{{series}}}"), DateTimeOffset.UnixEpoch);

        Assert.Equal((row.Phase, row.Message), (run.Phase, run.Message ?? ""));
        Assert.Equal(row.Ends, (run.CompletedAt - run.StartedAt)!.Value.TotalSeconds);
        Assert.Equal(row.Each, run.Metrics.Select(m => $"{m.Phase} {m.Taken}"));
    }

    private static string Value(char takes) => takes switch
    {
        'S' => "1",
        'F' => "-1",
        'I' => "0",
        'E' => "{\"error\": \"provider error\"}",
        _ => throw new FormatException($"{takes} is not S, F, I or E"),
    };
}

/// <param name="Source">Where Argo says so.</param>
/// <param name="Metrics">What is measured.</param>
/// <param name="Phase">How the run ends.</param>
/// <param name="Message">By what.</param>
/// <param name="Ends">When, in seconds; a query takes no time.</param>
/// <param name="Each">Each metric's phase, and how many measurements it took.</param>
public sealed record RunRow(
    string Source, IReadOnlyList<MetricRow> Metrics, MeasurementPhase Phase, string Message, double Ends, IReadOnlyList<string> Each) : IConformanceRow;
