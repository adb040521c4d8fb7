using Rollouts.Simulation.Timeline;

namespace Rollouts.Tests.Simulation.Timeline;

public sealed class TimeScaleTests
{
    [Fact]
    public void At_EvenTimes_IsLinear()
    {
        var scale = new TimeScale([100, 200, 300], 400, left: 10, width: 800);

        Assert.Null(scale.Break);
        Assert.Equal([10, 210, 410, 810], new double[] { 0, 100, 200, 400 }.Select(scale.At));
        Assert.Equal((10.0, 810.0), (scale.At(-5), scale.At(500)));
    }

    [Fact]
    public void At_LongIdleTime_IsDrawnShorter()
    {
        var scale = new TimeScale([0, 100, 86_500, 86_600], 86_600, left: 0, width: 1000);

        Assert.Equal((100.0, 86_500.0), scale.Break);
        Assert.Equal([0, 425, 500, 575, 1000], new double[] { 0, 100, 43_300, 86_500, 86_600 }.Select(t => Math.Round(scale.At(t), 6)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(59)]
    [InlineData(3601)]
    [InlineData(1e6)]
    [InlineData(1e9)]
    public void Ticks_AnyLength_AreFarEnoughApart(double end)
    {
        var scale = new TimeScale([end / 3, end / 2], end, left: 0, width: 900);

        double[] ticks = [.. scale.Ticks(60).Select(scale.At)];

        Assert.InRange(ticks.Length, 1, 20);
        Assert.All(ticks.Zip(ticks.Skip(1)), t => Assert.True(t.Second - t.First >= 48));
    }
}
