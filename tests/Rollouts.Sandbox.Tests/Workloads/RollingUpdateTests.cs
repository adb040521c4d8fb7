using Rollouts.Sandbox.Workloads;

namespace Rollouts.Sandbox.Tests.Workloads;

public sealed class RollingUpdateTests
{
    [Theory]
    [InlineData(4, 0, 0, 0, 0, 4, 0, 0)] // the first pods
    [InlineData(4, 0, 4, 4, 4, 1, 1, 0)] // an update begins: one more, one less
    [InlineData(4, 1, 3, 3, 3, 1, 0, 0)] // none is spare until the new one is ready
    [InlineData(4, 2, 3, 3, 4, 0, 1, 0)] // one is ready: one of the former goes
    [InlineData(4, 2, 3, 1, 3, 0, 2, 0)] // former pods that are not ready go at once
    [InlineData(3, 0, 3, 3, 3, 1, 0, 0)] // a quarter of three is no pod less, but one more
    [InlineData(4, 4, 0, 0, 4, 0, 0, 0)] // done
    [InlineData(1, 4, 0, 0, 4, 0, 0, 3)] // scaled down
    [InlineData(0, 2, 1, 1, 3, 0, 1, 2)] // scaled to nothing
    public void Next_InEachState_StaysWithinAQuarter(
        int wanted, int current, int former, int formerReady, int ready, int create, int removeFormer, int removeCurrent) =>
        Assert.Equal(new RollingUpdate(create, removeFormer, removeCurrent), RollingUpdate.Next(wanted, current, former, formerReady, ready));
}
