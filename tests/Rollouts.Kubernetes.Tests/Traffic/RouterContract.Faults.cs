using Microsoft.Extensions.Time.Testing;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>An API server that refuses, keeps silent or breaks off, at every call of every operation.</summary>
public abstract partial class RouterContract
{
    /// <summary>What is injected, and the kind of failure it has to come out as, if it comes out.</summary>
    public static TheoryData<string, FailureKind> Faults => new()
    {
        { "403", FailureKind.Forbidden },
        { "409", FailureKind.Transient },
        { "429", FailureKind.Transient },
        { "500", FailureKind.Transient },
        { "silence", FailureKind.Transient },
        { "silence after it was done", FailureKind.Transient },
        { "reset", FailureKind.Transient },
        { "reset after it was done", FailureKind.Transient },
        { "garbage", FailureKind.Transient },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Claim_FaultAtEachCall_TakesAllOrNone(string fault, FailureKind kind)
    {
        await ClaimAsync(Two);
        await Router.ReleaseAsync(Two, Owner, Cancellation);
        for (int call = 0; await FaultAsync(fault, kind, call, () => ClaimAsync(Two)); call++)
        {
            Assert.Single(await Task.WhenAll(Names.Select(n => OwnerAsync(n))).ContinueWith(o => o.Result.Distinct(), TaskScheduler.Default));
            Assert.Equal(TrafficSplit.None, await ClaimAsync(Two));
            await Router.ReleaseAsync(Two, Owner, Cancellation);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Apply_FaultAtEachCall_WritesAllOrNone(string fault, FailureKind kind)
    {
        await ClaimAsync(Two);
        for (int call = 0; ; call++)
        {
            long revision = 3L * call;
            await ApplyAsync(Two, Split(25), revision);
            if (!await FaultAsync(fault, kind, call, () => ApplyAsync(Two, Routed(50), revision + 1)))
            {
                break;
            }

            Assert.Single(await Task.WhenAll(Names.Select(n => ShareAsync(n))).ContinueWith(s => s.Result.Distinct(), TaskScheduler.Default));
            Assert.Equal(Routed(50), await ApplyAsync(Two, Routed(50), revision + 1));
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Apply_NothingWithAFaultAtEachCall_IsDoneWhenRepeated(string fault, FailureKind kind)
    {
        await ClaimAsync(Two);
        for (int call = 0; ; call++)
        {
            long revision = 3L * call;
            await ApplyAsync(Two, Split(25), revision);
            if (!await FaultAsync(fault, kind, call, () => ApplyAsync(Two, TrafficSplit.None, revision + 1)))
            {
                break;
            }

            Assert.All(await Task.WhenAll(Names.Select(n => ShareAsync(n))), share => Assert.InRange(share, 0, 25));
            Assert.Equal(TrafficSplit.None, await ApplyAsync(Two, TrafficSplit.None, revision + 1));
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task RenewAndRelease_FaultAtEachCall_AreDoneWhenRepeated(string fault, FailureKind kind)
    {
        await ClaimAsync(Two);
        for (int call = 0; await FaultAsync(fault, kind, call, RenewedAndReleasedAsync); call++)
        {
            await Router.ReleaseAsync(Two, Owner, Cancellation);
            Assert.All(await Task.WhenAll(Names.Select(n => OwnerAsync(n))), Assert.Null);
            await ClaimAsync(Two);
        }
    }

    [Fact]
    public async Task Apply_TooManyRequests_IsLeftToTheMachine()
    {
        await ClaimAsync(One);
        _faults.Forget();
        _faults.Spoil = r => r.IsWrite ? Fault.Answer(429, "TooManyRequests", "slow down") : null;

        PortException refusal = await RefusedAsync(FailureKind.Transient, () => ApplyAsync(One, Split(5), 1));

        // The machine waits, for longer each time, before it lists the write again; nothing here insists.
        Assert.Contains("429", refusal.Message, StringComparison.Ordinal);
        Assert.Single(_faults.Requests, r => r.IsWrite);
    }

    [Theory]
    [InlineData(null, "{}", null)]
    [InlineData(70, "{}", 70)]
    [InlineData(null, """{"retryAfterSeconds":40}""", 40)]
    [InlineData(70, """{"retryAfterSeconds":40}""", 70)]
    public async Task Apply_ServerAsksToBeLeftAlone_SaysForHowLong(int? header, string details, int? asked)
    {
        await ClaimAsync(Two);
        _faults.Spoil = r => r.IsWrite && r.Name == bench.Carrier(Names[^1])
            ? Fault.Answer(429, "TooManyRequests", "slow down", details) with { RetryAfter = header is { } seconds ? TimeSpan.FromSeconds(seconds) : null }
            : null;

        PortException refusal = await RefusedAsync(FailureKind.Transient, () => ApplyAsync(Two, Split(5), 1));
        PortException renewal = await RefusedAsync(FailureKind.Transient, () => Router.ReleaseAsync(Two, Owner, Cancellation));

        Assert.Equal(asked, refusal.RetryAfter?.TotalSeconds);
        Assert.Equal(asked, renewal.RetryAfter?.TotalSeconds);
    }

    private async Task<TrafficSplit> RenewedAndReleasedAsync()
    {
        TrafficSplit found = await Router.RenewAsync(Two, TrafficSplit.None, Owner, Cancellation);
        await Router.ReleaseAsync(Two, Owner, Cancellation);
        return found;
    }

    /// <summary>Runs an operation whose n-th call meets a fault; a refusal has to be of the given kind.</summary>
    /// <returns>False when the operation makes no such call.</returns>
    private async Task<bool> FaultAsync(string fault, FailureKind kind, int call, Func<Task<TrafficSplit>> operation)
    {
        KubernetesRouter before = Router;
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        if (fault.StartsWith("silence", StringComparison.Ordinal))
        {
            Router = new(_routed!, clock);
            _faults.Silenced = () => clock.Advance(TimeSpan.FromSeconds(10));
        }

        bool met = false;
        _faults.Forget();
        _faults.Spoil = r =>
        {
            met |= r.Number == call;
            return r.Number == call ? Made(fault) : null;
        };
        try
        {
            _ = await operation();
        }
        catch (PortException refusal)
        {
            Assert.True(refusal.Kind == kind, $"call {call}: {refusal.Kind}, wanted {kind}: {refusal.Message}");
        }

        _faults.Spoil = _ => null;
        Router = before;
        return met;
    }

    private static Fault Made(string fault) => fault switch
    {
        "403" => Fault.Answer(403, "Forbidden", "is forbidden: User may not do that"),
        "409" => Fault.Answer(409, "Conflict", "the object has been modified"),
        "429" => Fault.Answer(429, "TooManyRequests", "slow down"),
        "500" => Fault.Answer(500, "InternalError", "etcd is away"),
        "silence" => Fault.Silence,
        "silence after it was done" => Fault.Silence with { AfterTheServerDidIt = true },
        "reset" => Fault.Reset,
        "reset after it was done" => Fault.Reset with { AfterTheServerDidIt = true },
        "garbage" => new(FaultKind.Status, 200, "<html>please log in</html>"),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
    };
}
