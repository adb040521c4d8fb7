using k8s;
using k8s.Models;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Late, repeated and foreign writes.</summary>
public abstract partial class IngressNginxContract
{
    [Fact]
    public async Task Apply_SameRevisionAgain_ChangesNothing()
    {
        await ClaimAsync(One);
        await ApplyAsync(One, Split(25), 3);
        string before = (await CanaryAsync()).Metadata.ResourceVersion;

        Assert.Equal(Split(25), await ApplyAsync(One, Split(25), 3));

        Assert.Equal(before, (await CanaryAsync()).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Apply_LateDuplicate_CantUndoAnAbort()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(25), 3);
        await ApplyAsync(Two, TrafficSplit.None, 4);

        await RefusedAsync(FailureKind.Superseded, () => ApplyAsync(Two, Split(25), 3));

        Assert.Equal("0", await WeightAsync("web"));
        Assert.Equal("0", await WeightAsync("api"));
    }

    [Fact]
    public async Task Apply_AbortWhileARaiseIsUnderWay_EndsAtZero()
    {
        await ClaimAsync(Two);
        for (int i = 0; i < 20; i++)
        {
            long revision = 1 + (2 * i);
            Task<TrafficSplit> raise = ApplyAsync(Two, Split(50), revision);
            Task<TrafficSplit> abort = ApplyAsync(Two, TrafficSplit.None, revision + 1);

            Assert.Equal(TrafficSplit.None, await abort);
            // The raise was first, or is out of date, or finds its two ingresses half aborted; whichever, it leaves nothing behind.
            Exception? late = await Record.ExceptionAsync(() => raise);
            Assert.True(late is null or PortException { Kind: FailureKind.Superseded or FailureKind.Transient }, $"{late}");
            Assert.Equal("0", await WeightAsync("web"));
            Assert.Equal("0", await WeightAsync("api"));
        }
    }

    [Fact]
    public async Task Apply_LateDuplicateAfterReleaseAndSecondClaim_IsOutOfDate()
    {
        await ClaimAsync(One);
        await ApplyAsync(One, Split(25), 3);
        await ApplyAsync(One, TrafficSplit.None, 4);
        await Router.ReleaseAsync(One, Owner, Cancellation);

        await RefusedAsync(FailureKind.Owned, () => ApplyAsync(One, Split(25), 3));
        await ClaimAsync(One);
        await RefusedAsync(FailureKind.Superseded, () => ApplyAsync(One, Split(25), 3));

        Assert.Equal("0", await WeightAsync());
    }

    [Fact]
    public async Task Apply_OwnedByAnother_IsRefused()
    {
        await ClaimAsync(One, "first");

        PortException refusal = await RefusedAsync(FailureKind.Owned, () => ApplyAsync(One, Split(25), 1, "second"));

        Assert.Equal("first", refusal.Owner);
        Assert.Equal("0", await WeightAsync());
    }

    [Fact]
    public async Task Apply_NotClaimed_IsRefused()
    {
        await RefusedAsync(FailureKind.NotFound, () => ApplyAsync(One, Split(25), 1));
        await ClaimAsync(One, "first");
        await Router.ReleaseAsync(One, "first", Cancellation);

        PortException refusal = await RefusedAsync(FailureKind.Owned, () => ApplyAsync(One, Split(25), 1));

        Assert.Null(refusal.Owner);
    }

    [Fact]
    public async Task Apply_NothingToACanaryThatIsGone_IsDone()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(25), 1);
        await Client.DeleteNamespacedIngressAsync("shop-web-canary", Namespace, cancellationToken: Cancellation);

        await RefusedAsync(FailureKind.NotFound, () => ApplyAsync(Two, Split(50), 2));
        Assert.Equal("25", await WeightAsync("api"));

        Assert.Equal(TrafficSplit.None, await ApplyAsync(Two, TrafficSplit.None, 3));
        Assert.Equal("0", await WeightAsync("api"));
    }

    [Fact]
    public async Task Apply_NothingWithoutStableIngress_IsDone()
    {
        await ClaimAsync(One);
        await ApplyAsync(One, Split(25, s_internal), 1);
        await Client.DeleteNamespacedIngressAsync("web", Namespace, cancellationToken: Cancellation);

        Assert.Equal(TrafficSplit.None, await ApplyAsync(One, TrafficSplit.None, 2));

        Assert.Equal("0", await WeightAsync());
        Assert.Null(await AnnotationAsync(Prefix + "canary-by-header"));
    }

    [Fact]
    public async Task Apply_LateWithdrawalOfAnEarlierOwner_LeavesWhatWasPromoted()
    {
        await ClaimAsync(One, "first");
        await ApplyAsync(One, TrafficSplit.None, 1, "first");
        await Router.ReleaseAsync(One, "first", Cancellation);
        await ClaimAsync(One, "second");
        await ApplyAsync(One, Split(100), 5, "second");
        await Router.ReleaseAsync(One, "second", Cancellation);

        await RefusedAsync(FailureKind.Owned, () => ApplyAsync(One, TrafficSplit.None, 1, "first"));
        await RefusedAsync(FailureKind.Superseded, () => ApplyAsync(One, TrafficSplit.None, 1, "second"));

        Assert.Equal("100", await WeightAsync());
    }

    [Fact]
    public async Task Apply_AnotherClientPatchesAllTheTime_GetsThrough()
    {
        await ClaimAsync(Two);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int> storm = StormAsync(done.Token);

        for (int i = 1; i <= 50; i++)
        {
            Assert.Equal(Split(i), await ApplyAsync(Two, Split(i), i));
            await Task.Delay(20, Cancellation);
        }

        await done.CancelAsync();
        int patches = await storm;
        Assert.True(patches > 10, $"only {patches} patches: no storm");
        Assert.Equal($"{patches}", await AnnotationAsync("storm"));
        Assert.Equal("50", await WeightAsync("api"));
    }

    /// <summary>Patches both canary ingresses 20 times a second, unconditionally.</summary>
    private async Task<int> StormAsync(CancellationToken until)
    {
        int patches = 0;
        while (!until.IsCancellationRequested)
        {
            patches++;
            await AnnotateAsync("shop-web-canary", ("storm", $"{patches}"));
            await AnnotateAsync("shop-api-canary", ("storm", $"{patches}"));
            _ = await Record.ExceptionAsync(() => Task.Delay(50, until));
        }

        return patches;
    }
}
