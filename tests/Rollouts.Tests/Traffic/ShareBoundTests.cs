using Rollouts.Traffic;

namespace Rollouts.Tests.Traffic;

public sealed class ShareBoundTests
{
    [Theory]
    [InlineData(16, 100, 0.05, ShareVerdict.Right)]
    [InlineData(17, 100, 0.05, ShareVerdict.Off)]
    [InlineData(82, 1_000, 0.05, ShareVerdict.Right)]
    [InlineData(83, 1_000, 0.05, ShareVerdict.Off)]
    [InlineData(596, 10_000, 0.05, ShareVerdict.Right)]
    [InlineData(597, 10_000, 0.05, ShareVerdict.Off)]
    [InlineData(0, 100, 0.05, ShareVerdict.Right)]
    [InlineData(0, 1_000, 0.05, ShareVerdict.Off)]
    [InlineData(0, 1_000, 0, ShareVerdict.Right)]
    [InlineData(1, 1_000, 0, ShareVerdict.Off)]
    [InlineData(1_000, 1_000, 1, ShareVerdict.Right)]
    [InlineData(999, 1_000, 1, ShareVerdict.Off)]
    [InlineData(9, 99, 0.5, ShareVerdict.TooFew)]
    [InlineData(double.NaN, 1_000, 0.5, ShareVerdict.TooFew)]
    [InlineData(0, 0, 0.5, ShareVerdict.TooFew)]
    public void Judge_Count_IsOffBeyondTheBound(double canary, double total, double weight, ShareVerdict verdict) =>
        Assert.Equal(verdict, ShareBound.Judge(canary, total, weight, least: 100, mayExceed: false));

    [Fact]
    public void Judge_HeaderRoutesInForce_TakesOnlyTooFewAmiss()
    {
        Assert.Equal(ShareVerdict.Right, ShareBound.Judge(900, 1_000, 0.05, 100, mayExceed: true));
        Assert.Equal(ShareVerdict.Off, ShareBound.Judge(5, 1_000, 0.05, 100, mayExceed: true));
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void Judge_RequestsThatFollowTheWeight_AreHardlyEverOff(double weight)
    {
        var random = new Random(20260801);
        int off = 0;
        for (int i = 0; i < 20_000; i++)
        {
            int canary = Enumerable.Range(0, 200).Count(_ => random.NextDouble() < weight);
            off += ShareBound.Judge(canary, 200, weight, 100, mayExceed: false) == ShareVerdict.Off ? 1 : 0;
        }

        // The bound promises two in ten thousand, one for each side.
        Assert.InRange(off, 0, 8);
    }
}
