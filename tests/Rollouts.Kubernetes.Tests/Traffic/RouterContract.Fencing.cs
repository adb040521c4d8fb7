using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Late, repeated and foreign writes.</summary>
public abstract partial class RouterContract
{
    [Fact]
    public async Task Apply_SameRevisionAgain_ChangesNothing()
    {
        await ClaimAsync(One);
        await ApplyAsync(One, Routed(25), 3);
        string? before = await VersionAsync();

        Assert.Equal(Routed(25), await ApplyAsync(One, Routed(25), 3));

        Assert.Equal(before, await VersionAsync());
    }

    [Fact]
    public async Task Apply_LateDuplicate_CantUndoAnAbort()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Routed(25), 3);
        await ApplyAsync(Two, TrafficSplit.None, 4);

        await RefusedAsync(FailureKind.Superseded, () => ApplyAsync(Two, Routed(25), 3));

        foreach (string name in Names)
        {
            Assert.Equal(0, await ShareAsync(name));
        }
    }

    [Fact]
    public async Task Apply_AbortWhileARaiseIsUnderWay_EndsAtZero()
    {
        await ClaimAsync(Two);
        for (int i = 0; i < 10; i++)
        {
            long revision = 1 + (2 * i);
            Task<TrafficSplit> raise = ApplyAsync(Two, Routed(50), revision);
            Task<TrafficSplit> abort = ApplyAsync(Two, TrafficSplit.None, revision + 1);

            Assert.Equal(TrafficSplit.None, await abort);
            Exception? late = await Record.ExceptionAsync(() => raise);
            Assert.True(late is null or PortException { Kind: FailureKind.Superseded or FailureKind.Transient }, $"{late}");
            foreach (string name in Names)
            {
                Assert.Equal(0, await ShareAsync(name));
            }
        }
    }

    [Fact]
    public async Task Apply_NotTheOwner_IsRefused()
    {
        await ClaimAsync(One, "first");

        PortException owned = await RefusedAsync(FailureKind.Owned, () => ApplyAsync(One, Split(25), 1, "second"));
        await Router.ReleaseAsync(One, "first", Cancellation);
        PortException free = await RefusedAsync(FailureKind.Owned, () => ApplyAsync(One, Split(25), 1));

        Assert.Equal("first", owned.Owner);
        Assert.Null(free.Owner);
        Assert.Equal(0, await ShareAsync());
    }

    [Fact]
    public async Task Apply_TwoRolloutsTakeTurns_NeverInterleave()
    {
        // Each is told to roll the same target to its end, again and again; whoever owns it finds nobody else's split in it.
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        async Task RollAsync(string owner)
        {
            for (int round = 0; round < 5;)
            {
                try
                {
                    await ClaimAsync(Two, owner);
                }
                catch (PortException busy) when (busy.Kind is FailureKind.Owned or FailureKind.Transient)
                {
                    await Task.Delay(5, limit.Token);
                    continue;
                }

                int own = owner == "east" ? 11 : 22;
                long revision = 10 * round;
                Assert.Equal(Split(own), await ApplyAsync(Two, Split(own), revision + 1, owner));
                Assert.Equal(Split(own + 1), await ApplyAsync(Two, Split(own + 1), revision + 2, owner));
                Assert.Equal(Split(own + 1), await Router.RenewAsync(Two, Split(own + 1), owner, Cancellation));
                Assert.Equal(TrafficSplit.None, await ApplyAsync(Two, TrafficSplit.None, revision + 3, owner));
                await Router.ReleaseAsync(Two, owner, Cancellation);
                round++;
            }
        }

        await Task.WhenAll(RollAsync("east"), RollAsync("west"));

        Assert.Null(await OwnerAsync());
        Assert.Equal(0, await ShareAsync());
    }

    [Fact]
    public async Task Apply_AnotherClientPatchesAllTheTime_GetsThrough()
    {
        await ClaimAsync(Two);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int> storm = StormAsync(done.Token);

        for (int i = 1; i <= 30; i++)
        {
            Assert.Equal(Routed(i), await ApplyAsync(Two, Routed(i), i));
            await Task.Delay(20, Cancellation);
        }

        await done.CancelAsync();
        int patches = await storm;
        Assert.True(patches > 10, $"only {patches} patches: no storm");
        foreach (string name in Names)
        {
            Assert.Equal($"{patches}", await AnnotationAsync("storm", name));
            Assert.Equal(30, await ShareAsync(name));
        }
    }

    /// <summary>Patches the objects 20 times a second, unconditionally.</summary>
    private async Task<int> StormAsync(CancellationToken until)
    {
        int patches = 0;
        while (!until.IsCancellationRequested)
        {
            patches++;
            foreach (string name in Names)
            {
                await AnnotateAsync("storm", $"{patches}", name);
            }

            _ = await Record.ExceptionAsync(() => Task.Delay(50, until));
        }

        return patches;
    }
}
