using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Machine;
using Rollouts.Questions;

namespace Rollouts.Tests.Questions;

public sealed class QuestionEvidenceTests
{
    [Theory]
    [InlineData("result[0] <= 0.01", "<= 0.01")]
    [InlineData("0.05 < result", "> 0.05")]
    [InlineData("result[0] > -2 && result[0] < 1.5", "> -2 < 1.5")]
    [InlineData("result >= 1e6 or isNaN(result)", ">= 1E+06")]
    [InlineData("result[1] < 3", "")]
    [InlineData("len(result) > 0", "")]
    [InlineData("result[0] < result[1]", "")]
    [InlineData("not a condition (", "")]
    [InlineData(null, "")]
    public void In_Condition_FindsWhatTheResultIsComparedWith(string? condition, string expected) =>
        Assert.Equal(expected, string.Join(' ', ConditionLimits.In(condition)));

    [Fact]
    public void Of_MetricsWithAStableTwin_ShowsThemBesideEachOther()
    {
        QuestionEvidence evidence = QuestionEvidence.Of(Status(
            Metric("errors", "[0.02]", "[0.03]"), Metric("errors-stable", "[0.01]", "[]"), Metric("shown", "[1]") with { DryRun = true }, Metric("p99", "[1.5]")));
        Assert.Equal(["errors", "p99", "shown"], evidence.Metrics.Select(m => m.Name));
        Assert.Equal([0.02, 0.03], evidence.Metrics[0].Trend.Select(t => t.Value!.Value));
        Assert.Equal([0.01, null], evidence.Metrics[0].Stable.Select(t => t.Value));
    }

    [Theory]
    [InlineData("[0.0312345]", "0.03123")]
    [InlineData("[1,2]", "1")]
    [InlineData("[]", "no data")]
    [InlineData("NaN", "no data")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    public void Of_LastMeasurement_IsShownInShort(string value, string expected) =>
        Assert.Equal(expected, QuestionEvidence.Of(Status(Metric("m", value))).Metrics[0].Latest);

    [Fact]
    public void Of_NoAnalysis_IsEmpty() => Assert.Empty(QuestionEvidence.Of(Status() with { Analysis = null }).Metrics);

    private static RolloutStatus Status(params MetricStatus[] metrics) => new()
    {
        Id = "id",
        Name = "checkout",
        Namespace = "shop",
        Phase = RolloutPhase.Paused,
        Analysis = new AnalysisStatus("run-1", MeasurementPhase.Inconclusive, null, metrics),
    };

    private static MetricStatus Metric(string name, params string[] values) => new()
    {
        Name = name,
        Phase = MeasurementPhase.Inconclusive,
        SuccessCondition = "result[0] <= 0.01",
        Measurements =
        [
            .. values.Select((v, i) => new Measurement
            {
                StartedAt = DateTimeOffset.UnixEpoch.AddMinutes(i),
                FinishedAt = DateTimeOffset.UnixEpoch.AddMinutes(i),
                Phase = MeasurementPhase.Inconclusive,
                Value = v,
                NoData = v is "[]" or "NaN",
            }),
        ],
    };
}
