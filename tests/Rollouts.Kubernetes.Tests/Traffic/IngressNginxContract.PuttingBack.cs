namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Several ingresses of which some can't be written.</summary>
public abstract partial class IngressNginxContract
{
    [Fact]
    public async Task Apply_FailsAndPutsBack_SaysSo()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(25), 1);
        _faults.Spoil = r => r is { IsWrite: true, Name: "shop-web-canary" } ? Forbidden : null;

        PortException refusal = await RefusedAsync(FailureKind.Forbidden, () => ApplyAsync(Two, Split(50), 2));

        Assert.Contains($"forbidden: needs patch on ingresses.networking.k8s.io in namespace {Namespace}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("`shop-api-canary` was put back to weight 25", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("`shop-web-canary` holds weight 25", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("25", await WeightAsync("api"));
        Assert.Equal("1", await AnnotationAsync("rolloutfunctions/revision", "api"));
    }

    [Fact]
    public async Task Apply_FailsAndCantPutBack_SaysWhatEachHolds()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(25), 1);
        _faults.Forget();
        _faults.Spoil = r => r.IsWrite && _faults.Requests.Count(w => w.IsWrite) > 1 ? Fault.Answer(500, "InternalError", "etcd is away") : null;

        PortException refusal = await RefusedAsync(FailureKind.Transient, () => ApplyAsync(Two, Split(50), 2));

        Assert.Contains("`shop-api-canary` holds weight 50", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("could not be put back", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("etcd is away", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("`shop-web-canary` holds weight 25", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("50", await WeightAsync("api"));
        Assert.Equal("25", await WeightAsync("web"));
    }

    [Fact]
    public async Task Apply_NoTellingWhetherItWasWritten_SaysSo()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(25), 1);
        _faults.Forget();
        _faults.Spoil = r => r.Name == "shop-web-canary" && _faults.Requests.Count(w => w.IsWrite) > 1 ? Fault.Reset : null;

        PortException refusal = await RefusedAsync(FailureKind.Transient, () => ApplyAsync(Two, Split(50), 2));

        Assert.Contains("`shop-api-canary` was put back to weight 25", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no telling", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_CancelledBetweenWrites_PutsBack()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(25), 1);
        using CancellationTokenSource caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _faults.Spoil = r =>
        {
            if (r is { IsWrite: true, Name: "shop-web-canary" })
            {
                caller.Cancel();
            }

            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Router.ApplyAsync(Two, Split(50), Owner, 2, caller.Token));

        Assert.Equal("25", await WeightAsync("api"));
        Assert.Equal("25", await WeightAsync("web"));
    }

    [Fact]
    public async Task Apply_FailsAfterAWriteWhoseAnswerWasLost_PutsThatBackToo()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(25), 1);
        _faults.Forget();
        _faults.Spoil = r => r switch
        {
            { IsWrite: true, Name: "shop-web-canary" } => Forbidden,
            { IsWrite: true } when _faults.Requests.Count(w => w.IsWrite) == 1 => Fault.Reset with { AfterTheServerDidIt = true },
            _ => null,
        };

        await RefusedAsync(FailureKind.Forbidden, () => ApplyAsync(Two, Split(50), 2));

        Assert.Equal("25", await WeightAsync("api"));
        Assert.Equal("25", await WeightAsync("web"));
    }

    [Fact]
    public async Task Apply_CancelledWhileTheServerWrites_PutsBack()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(25), 1);
        using CancellationTokenSource caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _faults.Forget();
        _faults.Spoil = r => r.IsWrite && _faults.Requests.Count(w => w.IsWrite) == 1 ? Fault.Silence with { AfterTheServerDidIt = true } : null;
        _faults.Silenced = caller.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Router.ApplyAsync(Two, Split(50), Owner, 2, caller.Token));

        Assert.Equal("25", await WeightAsync("api"));
        Assert.Equal("25", await WeightAsync("web"));
    }
}
