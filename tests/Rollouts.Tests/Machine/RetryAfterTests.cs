using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

/// <summary>A cluster that says for how long it wants to be left alone.</summary>
public sealed class RetryAfterTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData(0.2, 1)]
    [InlineData(44.5, 45)]
    [InlineData(3600.0, 300)]
    public void RouteTraffic_ClusterAsksForRest_IsTriedAgainAfterTheLongerDelay(double? asked, int seconds)
    {
        List<DateTimeOffset> tries = [];
        var world = new MachineDriver(Releases.Article());
        world.Answer = e => Refused(world, tries, e is RouteTraffic { Split.CanaryWeight: 25 }, e, asked);

        world.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(TimeSpan.FromSeconds(seconds), tries[1] - tries[0]);
        Assert.Contains(world.Journal, e => e.Type == EventType.EffectFailing && e.Message!.Contains($"trying again in {seconds} s", StringComparison.Ordinal));
    }

    [Fact]
    public void RouteTraffic_TakesAllTrafficFromTheCanary_DoesNotWaitForTheCluster()
    {
        List<DateTimeOffset> tries = [];
        var world = new MachineDriver(Releases.Article());
        world.Answer = e => Refused(world, tries, e is RouteTraffic route && route.Split.Equals(TrafficSplit.None), e, 3600);
        world.Run(TimeSpan.FromSeconds(30));

        world.Decide(Command.Abort);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(1), tries[1] - tries[0]);
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    /// <summary>What was asked of a raise does not hold up the abort after it.</summary>
    [Fact]
    public void Abort_WhileARaiseWaitsForTheCluster_IsWrittenAtOnce()
    {
        List<DateTimeOffset> tries = [];
        var world = new MachineDriver(Releases.Article());
        world.Answer = e => Refused(world, tries, e is RouteTraffic { Split.CanaryWeight: 5 }, e, 3600);
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Single(tries);

        world.Decide(Command.Abort);

        Assert.Equal(TrafficSplit.None, world.Written[^1]);
    }

    private static EffectFailed? Refused(MachineDriver world, List<DateTimeOffset> tries, bool isMeant, Effect effect, double? asked)
    {
        if (isMeant)
        {
            tries.Add(world.Now);
        }

        return isMeant && tries.Count == 1
            ? new EffectFailed(effect, FailureKind.Transient, "429 from the API server") { RetryAfter = asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null }
            : null;
    }
}
