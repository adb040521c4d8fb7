using System.Buffers.Binary;
using System.Diagnostics;
using Rollouts.Approvals.Charts;
using Rollouts.Questions;

namespace Rollouts.Approvals.Tests.Charts;

public sealed class MeasurementChartTests
{
    [Fact]
    public void Draw_Question_IsAPicture()
    {
        byte[] png = MeasurementChart.Draw(Posts.Evidence);
        Assert.Equal([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], png[..8]);
        Assert.Equal((760, 340), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
        Assert.InRange(png.Length, 5_000, 100_000);
        if (Environment.GetEnvironmentVariable("ROLLOUTS_WRITE_GOLDEN") is { } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, "chart.png"), png);
        }
    }

    [Fact]
    public void Draw_SameEvidence_IsTheSamePicture() => Assert.Equal(MeasurementChart.Draw(Posts.Evidence), MeasurementChart.Draw(Posts.Evidence));

    [Theory]
    [InlineData(double.MaxValue, double.MinValue)]
    [InlineData(0, 0)]
    [InlineData(1e-300, 1e-300)]
    [InlineData(-5, -5)]
    [InlineData(1e15, 1e15)]
    public void Draw_AnyNumbers_EndsSoon(double one, double other)
    {
        Stopwatch watch = Stopwatch.StartNew();
        MetricEvidence metric = Posts.Evidence.Metrics[0] with { Trend = Posts.Trend(one, null, other), Stable = [], SuccessLimits = [new ConditionLimit("<", one)] };
        Assert.NotEmpty(MeasurementChart.Draw(new QuestionEvidence { Metrics = [metric, metric, metric, metric, metric] }));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Draw_NothingMeasured_SaysSo() => Assert.NotEmpty(MeasurementChart.Draw(new QuestionEvidence()));
}
