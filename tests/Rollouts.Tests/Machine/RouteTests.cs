using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

/// <summary>Header and mirror routes.</summary>
public sealed class RouteTests
{
    private static readonly RequestMatch s_everything = new(null, new(HeaderMatchKind.Prefix, "/"), []);

    [Fact]
    public void SetHeaderRoute_Several_StandInTheOrderOfManagedRoutes()
    {
        Release release = Releases.With(Route("b"), Route("a"), Route("c"), new PauseStep(null));
        release = release with { Target = release.Target with { ManagedRoutes = ["c", "a", "b"] } };

        MachineDriver world = new(release);
        world.Settle();

        Assert.Equal(["c", "a", "b"], world.Written[^1].HeaderRoutes.Select(r => r.Name));
    }

    [Fact]
    public void SetHeaderRoute_Removed_LeavesTheOthers()
    {
        MachineDriver world = new(Releases.With(Route("a"), Route("b"), new SetHeaderRouteStep("a", []), new PauseStep(null)));
        world.Settle();

        Assert.Equal(["b"], world.Written[^1].HeaderRoutes.Select(r => r.Name));
    }

    [Fact]
    public void SetMirrorRoute_SetAndRemoved_IsWrittenAndTold()
    {
        MachineDriver world = new(Releases.With(
            new SetMirrorRouteStep("shadow", [s_everything], 50), new PauseStep(TimeSpan.FromMinutes(1)), new SetMirrorRouteStep("shadow", [], 100), new PauseStep(null)));
        world.Settle();

        Assert.Equal([new MirrorRoute("shadow", [s_everything], 50)], world.Written[^1].MirrorRoutes!);
        world.Run(TimeSpan.FromMinutes(2));

        Assert.Null(world.Written[^1].MirrorRoutes);
        Assert.Equal(
            ["Requests copied to the canary: shadow (50 % of path /…)", "No request is copied to the canary"],
            world.Journal.Where(e => e.Type == EventType.MirrorRouteUpdated).Select(e => e.Message));
    }

    [Fact]
    public void Abort_MirrorRouteInForce_TakesItAway()
    {
        MachineDriver world = new(Releases.With(new SetMirrorRouteStep("shadow", [s_everything], 100), Route("a"), new SetWeightStep(20), new PauseStep(null)));
        world.Settle();
        world.Decide(Command.Abort);

        Assert.Equal(TrafficSplit.None, world.Written[^1]);
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    [Fact]
    public void Promoted_MirrorRouteInForce_TakesItAway()
    {
        MachineDriver world = new(Releases.With(new SetMirrorRouteStep("shadow", [s_everything], 100), Route("a")));
        world.Settle();

        Assert.Equal(new TrafficSplit(100, []), world.Written[^1]);
    }

    private static SetHeaderRouteStep Route(string name) => new(name, [new HeaderMatch("X-Internal", HeaderMatchKind.Exact, name)]);
}
