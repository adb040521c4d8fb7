using Rollouts.Analysis;
using Rollouts.Simulation;

namespace Rollouts.Tests.Analysis;

/// <summary>Argo's counters, limits, phases and schedule, over given values in virtual time. The letters of a series: s f i e stand for one measurement each.</summary>
public sealed class AnalysisRunTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("sssss", "interval=10s count=5", MeasurementPhase.Successful, 5, null)]
    [InlineData("sfsfs", "interval=10s count=5 failureLimit=2", MeasurementPhase.Successful, 5, null)]
    [InlineData("sfsff", "interval=10s count=5 failureLimit=2", MeasurementPhase.Failed, 5, "failed (3) > failureLimit (2)")]
    [InlineData("fffss", "interval=10s count=5 failureLimit=2", MeasurementPhase.Failed, 3, "failed (3) > failureLimit (2)")]
    [InlineData("f", "", MeasurementPhase.Failed, 1, "failed (1) > failureLimit (0)")]
    [InlineData("f", "failureLimit=2", MeasurementPhase.Successful, 1, null)]
    [InlineData("fffff", "interval=10s count=5 failureLimit=-1 consecutiveSuccessLimit=2", MeasurementPhase.Failed, 5, null)]
    [InlineData("fsfsfss", "interval=10s count=9 failureLimit=-1 consecutiveSuccessLimit=2", MeasurementPhase.Successful, 7, null)]
    [InlineData("sfsfs", "interval=10s count=5 failureLimit=3 consecutiveSuccessLimit=2", MeasurementPhase.Inconclusive, 5, null)]
    [InlineData("ss", "interval=10s count=5 consecutiveSuccessLimit=2", MeasurementPhase.Successful, 2, null)]
    [InlineData("i", "", MeasurementPhase.Inconclusive, 1, "inconclusive (1) > inconclusiveLimit (0)")]
    [InlineData("isis", "interval=10s count=4 inconclusiveLimit=2", MeasurementPhase.Successful, 4, null)]
    [InlineData("isisi", "interval=10s count=5 inconclusiveLimit=2", MeasurementPhase.Inconclusive, 5, "inconclusive (3) > inconclusiveLimit (2)")]
    [InlineData("eeeee", "", MeasurementPhase.Error, 5, "consecutiveErrors (5) > consecutiveErrorLimit (4)")]
    [InlineData("eeees", "", MeasurementPhase.Successful, 5, null)]
    [InlineData("eeseesees", "interval=10s count=3", MeasurementPhase.Successful, 9, null)]
    [InlineData("e", "consecutiveErrorLimit=0", MeasurementPhase.Error, 1, "consecutiveErrors (1) > consecutiveErrorLimit (0)")]
    public void Run_Limits_DecideAsArgo(string series, string settings, MeasurementPhase phase, int taken, string? breach)
    {
        AnalysisRun run = AnalysisSimulator.Run([Metric("m", settings)], Series(("m", series)), Start);

        Assert.Equal(phase, run.Phase);
        Assert.Equal(taken, run.Metrics[0].Taken);
        Assert.Equal(breach is null ? null : $"Metric \"m\" assessed {phase} due to {breach}", WithoutError(run.Message));
    }

    [Theory]
    [InlineData("sss", "interval=30s count=3", "0 30 60")]
    [InlineData("sss", "interval=30s count=3 initialDelay=1m", "60 90 120")]
    [InlineData("sess", "interval=30s count=3", "0 30 40 70")]
    [InlineData("es", "", "0 10")]
    [InlineData("eee", "interval=1s count=1 consecutiveErrorLimit=2", "0 10 20")]
    public void Run_Schedule_IsFixedDelayAndTenSecondsAfterAnError(string series, string settings, string times)
    {
        AnalysisRun run = AnalysisSimulator.Run([Metric("m", settings)], Series(("m", series)), Start);
        Assert.Equal(times, string.Join(' ', run.Metrics[0].Measurements.Select(m => (m.StartedAt - Start).TotalSeconds)));
    }

    [Fact]
    public void Run_Counters_AreOverTheWholeRunAndErrorsDoNotCount()
    {
        AnalysisRun run = AnalysisSimulator.Run(
            [Metric("m", "interval=10s count=6 failureLimit=5 inconclusiveLimit=5")], Series(("m", "sfeisse" + "es")), Start);
        MetricResult metric = run.Metrics[0];
        Assert.Equal((6, 4, 1, 1, 3), (metric.Count, metric.Successful, metric.Failed, metric.Inconclusive, metric.Error));
        Assert.Equal((0, 1), (metric.ConsecutiveError, metric.ConsecutiveSuccess));
    }

    [Fact]
    public void Run_OneMetricFails_SiblingsStopAndSucceed()
    {
        AnalysisRun run = AnalysisSimulator.Run(
            [Metric("good", "interval=10s count=100"), Metric("bad", "interval=10s count=100"), Metric("late", "initialDelay=1h")],
            Series(("good", "s"), ("bad", "ssf"), ("late", "f")),
            Start);
        Assert.Equal(MeasurementPhase.Failed, run.Phase);
        Assert.Equal([MeasurementPhase.Successful, MeasurementPhase.Failed, MeasurementPhase.Successful], run.Metrics.Select(m => m.Phase));
        Assert.Equal([3, 3, 0], run.Metrics.Select(m => m.Taken));
        Assert.Equal(TimeSpan.FromSeconds(20), run.CompletedAt - Start);
    }

    [Theory]
    [InlineData("f", "i", "f", MeasurementPhase.Failed, "a")]
    [InlineData("i", "f", "s", MeasurementPhase.Failed, "b")]
    [InlineData("i", "s", "i", MeasurementPhase.Inconclusive, "a")]
    public void Run_WorstMetric_Decides(string a, string b, string c, MeasurementPhase phase, string named)
    {
        AnalysisRun run = AnalysisSimulator.Run([Metric("a", ""), Metric("b", ""), Metric("c", "")], Series(("a", a), ("b", b), ("c", c)), Start);
        Assert.Equal(phase, run.Phase);
        Assert.StartsWith($"Metric \"{named}\" assessed {phase}", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DryRunMetric_DoesNotCountButSaysWhatItWouldHaveDone()
    {
        AnalysisRun run = AnalysisSimulator.Run([Metric("a", ""), Metric("b", "") with { DryRun = true }], Series(("a", "s"), ("b", "f")), Start);
        Assert.Equal(MeasurementPhase.Successful, run.Phase);
        Assert.Null(run.Message);
        Assert.Equal(MeasurementPhase.Failed, run.Metrics[1].Phase);
        Assert.Equal("Metric assessed Failed due to failed (1) > failureLimit (0)", run.Metrics[1].Message);
    }

    [Fact]
    public void Run_NoConditions_IsSuccessful() => Assert.Equal(
        MeasurementPhase.Successful,
        AnalysisSimulator.Run([Metric("m", "") with { SuccessCondition = null, FailureCondition = null }], Series(("m", "f")), Start).Phase);

    [Fact]
    public void Run_EndlessMetric_IsLeftRunningWhenItsValuesEnd()
    {
        AnalysisRun run = AnalysisSimulator.Run([Metric("m", "interval=10s")], Series(("m", "sss")), Start);
        Assert.Equal(MeasurementPhase.Running, run.Phase);
        Assert.Equal(3, run.Metrics[0].Taken);
    }

    [Fact]
    public void Run_ManyMeasurements_KeepsTheLastTen()
    {
        AnalysisRun run = AnalysisSimulator.Run([Metric("m", "interval=1s count=25")], Series(("m", "s")), Start);
        Assert.Equal(25, run.Metrics[0].Count);
        Assert.Equal(Enumerable.Range(15, 10), run.Metrics[0].Measurements.Select(m => (int)(m.StartedAt - Start).TotalSeconds));
    }

    [Fact]
    public void Record_TwiceOrOutOfTurn_ChangesNothing()
    {
        AnalysisRun run = AnalysisRunner.Start("r", [Metric("m", "interval=1s count=3")], Start);
        Measurement failed = new() { StartedAt = Start, FinishedAt = Start, Phase = MeasurementPhase.Failed };
        AnalysisRun once = AnalysisRunner.Record(run, "m", 1, failed, AnalysisRules.Argo);
        Assert.Same(once, AnalysisRunner.Record(once, "m", 1, failed, AnalysisRules.Argo));
        Assert.Same(once, AnalysisRunner.Record(once, "m", 3, failed, AnalysisRules.Argo));
        Assert.Same(once, AnalysisRunner.Record(once, "other", 2, failed, AnalysisRules.Argo));
    }

    private static Metric Metric(string name, string settings)
    {
        Dictionary<string, string> set = settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]);
        int? Number(string key) => set.TryGetValue(key, out string? text) ? int.Parse(text) : null;
        TimeSpan? Duration(string key) => set.TryGetValue(key, out string? text) && GoDuration.TryParse(text, out TimeSpan time) ? time : null;
        return new Metric
        {
            Name = name,
            Interval = Duration("interval"),
            InitialDelay = Duration("initialDelay"),
            Count = Number("count"),
            FailureLimit = Number("failureLimit") ?? 0,
            InconclusiveLimit = Number("inconclusiveLimit") ?? 0,
            ConsecutiveErrorLimit = Number("consecutiveErrorLimit"),
            ConsecutiveSuccessLimit = Number("consecutiveSuccessLimit") ?? 0,
            SuccessCondition = "result < 1",
            FailureCondition = "result > 2",
            Prometheus = new PrometheusQuery { Query = "up" },
        };
    }

    private static MetricSeries Series(params (string Metric, string Letters)[] series) => MetricSeries.Parse(
        $"{{{string.Join(',', series.Select(s => $"\"{s.Metric}\":[{string.Join(',', s.Letters.Select(Value))}]"))}}}");

    private static string Value(char letter) => letter switch
    {
        's' => "0",
        'i' => "1.5",
        'f' => "3",
        _ => """{"error":"no route to host"}""",
    };

    private static string? WithoutError(string? message) => message?.Split(": \"Error Message")[0];
}
