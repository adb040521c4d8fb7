using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Workloads;

namespace Rollouts.Embedded.Tests;

/// <summary>What one rollout does to another on the same target, and what is done to one that has ended.</summary>
public sealed class OperationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_Superseding_EndsTheOneUnderWayBeforeItBegins()
    {
        await using Bench bench = await Bench.RunAsync();
        string older = await bench.StartAsync(Releases.Asking("a").Deploying("app:2"));
        await bench.WaitAsync(older, s => s.Question is not null);
        Assert.Equal(5, bench.Cluster.Weights.Last());

        StartResult started = await bench.Engine.StartAsync(Releases.Asking("a").Deploying("app:3"), "pipeline", supersede: true, Cancellation);

        Assert.Equal(StartOutcome.Started, started.Outcome);
        RolloutStatus ended = await bench.PlayAsync(older, s => s.Outcome is not null);
        Assert.Equal(RolloutOutcome.Superseded, ended.Outcome);
        await bench.PlayAsync(started.Status!.Id, s => s.Question is not null);
        Assert.Equal(0, started.Status.Step);
        Assert.Equal([older, started.Status.Id], bench.Cluster.Written.Select(w => w.Owner).Distinct());
        Assert.Equal(0, bench.Cluster.Written.Last(w => w.Owner == older).Split.CanaryWeight);
        Assert.Equal([older, started.Status.Id], bench.Deployments.Applied.Select(a => a.Owner).Distinct());
        Assert.Null(bench.Deployments.Applied.Last(a => a.Owner == older).Plan.Canary);
        Assert.Equal("v1", bench.Deployments.Stable!.Revision);
    }

    [Fact]
    public async Task StartAsync_SupersedingWithoutWorkloads_TakesTheTrafficFirst()
    {
        await using Bench bench = await Bench.RunAsync();
        string older = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(older, s => s.Question is not null);

        StartResult started = await bench.Engine.StartAsync(Releases.Asking("a").Version(2), "pipeline", supersede: true, Cancellation);
        StartResult again = await bench.Engine.StartAsync(Releases.Asking("a").Version(2), "pipeline", supersede: true, Cancellation);

        Assert.Equal((StartOutcome.Started, StartOutcome.AlreadyStarted), (started.Outcome, again.Outcome));
        await bench.PlayAsync(started.Status!.Id, s => s.Weight == 5);
        Assert.Equal(RolloutOutcome.Superseded, (await bench.Engine.FindAsync(older, Cancellation))!.Outcome);
        Assert.Equal([5, 0, 5], bench.Cluster.Weights);
        Assert.Single(await bench.JournalAsync(older), r => r.Decision?.Command == Command.Supersede);
    }

    [Fact]
    public async Task StartAsync_OwnerOnlyWaitsToTakePodsAway_MakesWayWithoutBeingAsked()
    {
        await using Bench bench = await Bench.RunAsync();
        Release patient = Releases.Measuring("a").Deploying("app:2", new ScalingRules { ScaleDownDelay = TimeSpan.FromHours(1) });
        string older = await bench.StartAsync(patient);
        await bench.PlayAsync(older, s => s.Outcome == RolloutOutcome.Promoted);
        Assert.True(bench.Deployments.HasCanary);

        StartResult started = await bench.Engine.StartAsync(Releases.Asking("a").Deploying("app:3"), "pipeline", Cancellation);

        Assert.Equal(StartOutcome.Started, started.Outcome);
        await bench.PlayAsync(started.Status!.Id, s => s.Question is not null);
        Assert.Equal(RolloutOutcome.Promoted, (await bench.Engine.FindAsync(older, Cancellation))!.Outcome);
    }

    [Fact]
    public async Task UndoAsync_FormerVersion_IsAReleaseOfItsOwn()
    {
        await using Bench bench = await Bench.RunAsync();
        string id = await bench.StartAsync(Releases.Measuring("a").Deploying("app:2", new ScalingRules { RollbackWindow = 1 }));
        await bench.PlayAsync(id, s => s.Outcome == RolloutOutcome.Promoted);
        string second = bench.Deployments.Stable!.Revision!;

        FormerVersion former = Assert.Single((await bench.Engine.FormerAsync(id, Cancellation))!.Versions);
        StartResult undo = await bench.Engine.UndoAsync(id, new UndoRequest(null, "jo", Reason: "coupons are broken"), Cancellation);
        StartResult again = await bench.Engine.UndoAsync(id, new UndoRequest(former.Revision, "sam", "sam@example.com"), Cancellation);

        Assert.Equal(StartOutcome.Started, undo.Outcome);
        Assert.Equal((StartOutcome.AlreadyStarted, undo.Status!.Id), (again.Outcome, again.Status!.Id));
        Assert.Contains(await bench.JournalAsync(undo.Status.Id), r => r.Entry?.Message == "Rollout started by jo (coupons are broken): 3 steps");
        Assert.NotEqual(id, undo.Status!.Id);
        RolloutStatus ended = await bench.PlayAsync(undo.Status.Id, s => s.Outcome is not null);
        Assert.Equal(RolloutOutcome.FastRolledBack, ended.Outcome);
        Assert.Equal("v1", bench.Deployments.Stable.Revision);

        undo = await bench.Engine.UndoAsync(undo.Status.Id, new UndoRequest(second, "jo"), Cancellation);
        Assert.Equal(StartOutcome.Started, undo.Outcome);
    }

    [Theory]
    [InlineData("nothing", StartOutcome.NotFound, null)]
    [InlineData("its own", StartOutcome.Refused, "deployed by somebody else")]
    [InlineData("deploys", StartOutcome.Refused, "there is no version 0000000000")]
    public async Task UndoAsync_CanNotBe_SaysWhy(string what, StartOutcome outcome, string? reason)
    {
        await using Bench bench = await Bench.RunAsync();
        string id = what switch
        {
            "nothing" => "shop.nothing.0123456789",
            "its own" => await bench.StartAsync(Releases.Asking("a")),
            _ => await bench.StartAsync(Releases.Asking("a").Deploying("app:2")),
        };

        StartResult undo = await bench.Engine.UndoAsync(id, new UndoRequest("0000000000", "jo"), Cancellation);

        Assert.Equal(outcome, undo.Outcome);
        Assert.Equal(what == "its own", (await bench.Engine.FormerAsync(id, Cancellation))?.Refusal is not null);
        Assert.Contains(reason ?? "", undo.Reason ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task DecideAsync_RestartAfterTheEnd_ReplacesTheStablePodsAndFinishesAgain()
    {
        await using Bench bench = await Bench.RunAsync();
        Release release = Releases.Measuring("a").Deploying("app:2");
        string id = await bench.StartAsync(release);
        await bench.PlayAsync(id, s => s.Outcome == RolloutOutcome.Promoted);
        await bench.PlayAsync(id, _ => !bench.Deployments.HasCanary);
        await bench.UntilFreeAsync(release.Target);

        Assert.Equal(DecisionOutcome.Accepted, (await bench.DecideAsync(id, Command.Restart)).Outcome);
        await Bench.UntilAsync(() => bench.Deployments.Stable!.RestartedAt is not null);
        await bench.UntilFreeAsync(release.Target);

        Assert.Equal(RolloutOutcome.Promoted, (await bench.Engine.FindAsync(id, Cancellation))!.Outcome);
        Assert.Equal(DecisionOutcome.AlreadyFinished, (await bench.DecideAsync(id, Command.Abort)).Outcome);
    }

    [Fact]
    public async Task StartAsync_PromotedBeforeAnother_IsRefusedWithTheCure()
    {
        await using Bench bench = await Bench.RunAsync();
        Release release = Releases.Measuring("a").Deploying("app:2");
        string first = await bench.StartAsync(release);
        await bench.PlayAsync(first, s => s.Outcome == RolloutOutcome.Promoted);
        string next = await bench.StartAsync(Releases.Measuring("a").Deploying("app:3"));
        string other = await bench.StartAsync(Releases.Measuring("ab").Deploying("app:4"));
        await bench.PlayAsync(next, s => s.Outcome == RolloutOutcome.Promoted);

        StartResult again = await bench.Engine.StartAsync(release, "pipeline", Cancellation);
        StartResult run = await bench.Engine.StartAsync(release.AsRun("build 7"), "pipeline", Cancellation);

        Assert.Equal((StartOutcome.Refused, first), (again.Outcome, again.Status?.Id));
        Assert.Contains($"{next} came after it: to go back, undo that one, or name this a run of its own", again.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(other, again.Reason, StringComparison.Ordinal);
        Assert.Equal(StartOutcome.Started, run.Outcome);
    }

    [Fact]
    public async Task StartAsync_RolledBackBeforeAnother_GivesItsRollout()
    {
        await using Bench bench = await Bench.RunAsync();
        string first = await bench.StartAsync(Releases.Asking("a"));
        await bench.WaitAsync(first, s => s.Question is not null);
        await bench.DecideAsync(first, Command.Abort);
        await bench.UntilFreeAsync(Releases.Asking("a").Target);
        await bench.StartAsync(Releases.Asking("a").Version(2));

        StartResult again = await bench.Engine.StartAsync(Releases.Asking("a"), "pipeline", Cancellation);

        Assert.Equal((StartOutcome.AlreadyStarted, RolloutOutcome.Aborted), (again.Outcome, again.Status!.Outcome));
    }

    [Fact]
    public async Task StartAsync_SameContentAsAnotherRun_IsAnotherRollout()
    {
        await using Bench bench = await Bench.RunAsync();
        Release release = Releases.Measuring("a").Deploying("app:2");
        string first = await bench.StartAsync(release);
        await bench.PlayAsync(first, s => s.Outcome == RolloutOutcome.Promoted);

        StartResult again = await bench.Engine.StartAsync(release, "pipeline", Cancellation);
        StartResult second = await bench.Engine.StartAsync(release.AsRun("build 7"), "pipeline", Cancellation);

        Assert.Equal((StartOutcome.AlreadyStarted, StartOutcome.Started), (again.Outcome, second.Outcome));
        RolloutStatus ended = await bench.PlayAsync(second.Status!.Id, s => s.Outcome is not null);
        Assert.Equal(RolloutOutcome.Promoted, ended.Outcome);
        Assert.Contains(await bench.JournalAsync(second.Status.Id), r => r.Entry?.Type == EventType.SkipSteps);
    }
}
