using Rollouts.AzureStorage.Registry;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Workloads;

namespace RolloutFunctions.Tests.Engine;

/// <summary>What one rollout does to another on the same target, and what is done to one that has ended.</summary>
public sealed class OperationTests(AzuriteServer azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_Superseding_EndsTheOneUnderWayBeforeItBegins()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        string older = await bench.StartAsync(Releases.Asking("a").Deploying("app:2"));
        await bench.WaitAsync(older, s => s.Question is not null);

        StartResult refused = await bench.Engine.StartAsync(Releases.Asking("a").Deploying("app:3"), "jo", Cancellation);
        StartResult started = await bench.Engine.StartAsync(Releases.Asking("a").Deploying("app:3"), "jo", supersede: true, Cancellation);

        Assert.Equal((StartOutcome.TargetOwned, older), (refused.Outcome, refused.Owner));
        Assert.Equal(StartOutcome.Started, started.Outcome);
        Assert.Equal(RolloutOutcome.Superseded, (await bench.WaitAsync(older, s => s.Outcome is not null)).Outcome);
        await bench.WaitAsync(started.Status!.Id, s => s.Question is not null);
        Assert.Equal([older, started.Status.Id], bench.Cluster.Written.Select(w => w.Owner).Distinct());
        Assert.Equal(0, bench.Cluster.Written.Last(w => w.Owner == older).Split.CanaryWeight);
        Assert.Equal("v1", bench.Parts.Deployments.Stable!.Revision);

        StartResult third = await bench.Engine.StartAsync(Releases.Asking("a").Deploying("app:4"), "jo", Cancellation);
        Assert.Equal((StartOutcome.TargetOwned, started.Status.Id), (third.Outcome, third.Owner));
    }

    /// <summary>Purged, or a start that broke off; where its cluster is gone as well, the watchdog can't give the target free.</summary>
    [Fact]
    public async Task StartAsync_SupersedingOneWithoutAnInstance_Starts()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        Release older = Releases.Asking("a");
        await bench.Parts.Registry.RegisterAsync(new RegisteredRollout(older.Id(), TimeProvider.System.GetUtcNow(), "jo", bench.Parts.Clusters.Canonical(older.Target), true), Cancellation);

        StartResult refused = await bench.Engine.StartAsync(older.Version(2), "jo", Cancellation);
        StartResult started = await bench.Engine.StartAsync(older.Version(2), "jo", supersede: true, Cancellation);

        Assert.Equal((StartOutcome.TargetOwned, older.Id()), (refused.Outcome, refused.Owner));
        Assert.Equal(StartOutcome.Started, started.Outcome);
        await bench.WaitAsync(started.Status!.Id, s => s is { Question: not null, Weight: 5 });

        // The start that broke off is told again: it begins, and makes way.
        Assert.Equal(StartOutcome.Started, (await bench.Engine.StartAsync(older, "jo", Cancellation)).Outcome);
        Assert.Equal(RolloutOutcome.Superseded, (await bench.WaitAsync(older.Id(), s => s.Outcome is not null)).Outcome);
        Assert.Equal([started.Status.Id], bench.Cluster.Written.Select(w => w.Owner).Distinct());
    }

    [Fact]
    public async Task UndoAsync_FormerVersion_IsAReleaseOfItsOwn()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        ScalingRules rules = new() { RollbackWindow = 1, ScaleDownDelay = TimeSpan.FromHours(1) };
        string id = await bench.StartAsync(Releases.Measuring("a").Deploying("app:2", rules));
        await bench.WaitAsync(id, s => s.Outcome == RolloutOutcome.Promoted);

        // The canary's pods are kept for an hour, which nobody waits for.
        StartResult undo = await bench.Engine.UndoAsync(id, new UndoRequest(null, "jo"), Cancellation);

        Assert.Equal(StartOutcome.Started, undo.Outcome);
        Assert.Equal(RolloutOutcome.FastRolledBack, (await bench.WaitAsync(undo.Status!.Id, s => s.Outcome is not null)).Outcome);
        Assert.Equal("v1", bench.Parts.Deployments.Stable!.Revision);
        Assert.Equal(StartOutcome.NotFound, (await bench.Engine.UndoAsync("shop.nothing.0123456789", new UndoRequest(null, "jo"), Cancellation)).Outcome);
    }

    [Fact]
    public async Task DecideAsync_RestartAfterTheEnd_ReplacesTheStablePodsAndFinishesAgain()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        Release release = Releases.Measuring("a").Deploying("app:2", new ScalingRules { ScaleDownDelay = TimeSpan.Zero });
        string id = await bench.StartAsync(release);
        await DurableBench.UntilAsync(async () => await bench.Parts.Registry.FindAsync(id, Cancellation) is { IsOpen: false });

        Assert.Equal(DecisionOutcome.Accepted, (await bench.DecideAsync(id, Command.Restart)).Outcome);
        await DurableBench.UntilAsync(() => Task.FromResult(bench.Parts.Deployments.Stable!.RestartedAt is not null));
        await DurableBench.UntilAsync(async () => await bench.Parts.Registry.FindAsync(id, Cancellation) is { IsOpen: false });

        Assert.Equal(RolloutOutcome.Promoted, (await bench.Engine.FindAsync(id, Cancellation))!.Outcome);
    }
}
