using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>An API server that refuses, keeps silent or breaks off.</summary>
public abstract partial class IngressNginxContract
{
    /// <summary>What is injected, and the kind of failure it has to come out as, if it comes out.</summary>
    public static TheoryData<string, FailureKind> Faults => new()
    {
        { "401", FailureKind.Forbidden },
        { "403", FailureKind.Forbidden },
        { "404", FailureKind.NotFound },
        { "409", FailureKind.Transient },
        { "422", FailureKind.Invalid },
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
        for (int call = 0; await FaultAsync(fault, kind, call, () => ClaimAsync(Two)); call++)
        {
            Assert.Equal(await OwnerIfAnyAsync("web"), await OwnerIfAnyAsync("api"));
            Assert.Equal(TrafficSplit.None, await ClaimAsync(Two));
            foreach (string stable in (string[])["web", "api"])
            {
                await Client.NetworkingV1.DeleteNamespacedIngressWithHttpMessagesAsync($"shop-{stable}-canary", Namespace, cancellationToken: Cancellation);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Claim_FaultAtEachCallOnExistingOnes_TakesAllOrNone(string fault, FailureKind kind)
    {
        await ClaimAsync(Two);
        await Router.ReleaseAsync(Two, Owner, Cancellation);
        for (int call = 0; await FaultAsync(fault, kind, call, () => ClaimAsync(Two)); call++)
        {
            Assert.Equal(await OwnerAsync("web"), await OwnerAsync("api"));
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
            if (!await FaultAsync(fault, kind, call, () => ApplyAsync(Two, Split(50, s_internal), revision + 1)))
            {
                break;
            }

            Assert.Equal(await WeightAsync("web"), await WeightAsync("api"));
            Assert.Equal(await AnnotationAsync(Prefix + "canary-by-header", "web"), await AnnotationAsync(Prefix + "canary-by-header", "api"));
            Assert.Equal(await AnnotationAsync("rolloutfunctions/revision", "web"), await AnnotationAsync("rolloutfunctions/revision", "api"));
            Assert.Equal(Split(50, s_internal), await ApplyAsync(Two, Split(50, s_internal), revision + 1));
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Apply_NothingWithAFaultAtEachCall_NeverRaises(string fault, FailureKind kind)
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

            string?[] weights = [await WeightAsync("api"), await WeightAsync("web")];
            Assert.Contains("0", weights);
            Assert.Equal(TrafficSplit.None, await ApplyAsync(Two, TrafficSplit.None, revision + 1));
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Release_FaultAtEachCall_IsDoneWhenRepeated(string fault, FailureKind kind)
    {
        await ClaimAsync(Two);
        for (int call = 0; await FaultAsync(fault, kind, call, ReleasedAsync); call++)
        {
            await Router.ReleaseAsync(Two, Owner, Cancellation);
            Assert.Null(await OwnerAsync("web"));
            Assert.Null(await OwnerAsync("api"));
            await ClaimAsync(Two);
        }
    }

    [Fact]
    public async Task Apply_ConflictsWithoutEnd_GivesUp()
    {
        await ClaimAsync(One);
        _faults.Forget();
        _faults.Spoil = r => r.IsWrite ? Fault.Answer(409, "Conflict", "the object has been modified") : null;

        PortException refusal = await RefusedAsync(FailureKind.Transient, () => ApplyAsync(One, Split(5), 1));

        Assert.Contains("12 attempts", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(12, _faults.Requests.Count(r => r.IsWrite));
    }

    [Fact]
    public async Task Claim_ServerFindsTheIngressInvalid_NamesTheField()
    {
        PortException refusal = await RefusedAsync(FailureKind.Invalid, () => ClaimAsync(One with { RolloutName = "Not_A_Name" }));

        Assert.Contains("metadata.name", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("`Not_A_Name-web-canary`", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_NoKubernetesApi_SaysSo()
    {
        _faults.Spoil = _ => new Fault(FaultKind.Status, 404, "404 page not found");

        PortException refusal = await RefusedAsync(FailureKind.NotFound, () => ClaimAsync(One));

        Assert.Contains("no Kubernetes API", refusal.Message, StringComparison.Ordinal);
    }

    private static Fault Forbidden => Fault.Answer(403, "Forbidden", "ingresses.networking.k8s.io is forbidden: User may not do that");

    private async Task<TrafficSplit> ReleasedAsync()
    {
        await Router.ReleaseAsync(Two, Owner, Cancellation);
        return TrafficSplit.None;
    }

    /// <summary>Runs an operation whose n-th call meets a fault; a refusal has to be of the given kind.</summary>
    /// <returns>False when the operation makes no such call.</returns>
    private async Task<bool> FaultAsync(string fault, FailureKind kind, int call, Func<Task<TrafficSplit>> operation)
    {
        KubernetesRouter before = Router;
        FakeTimeProvider clock = new();
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
            return r.Number == call ? Made(fault, r) : null;
        };
        try
        {
            _ = await operation();
        }
        catch (PortException refusal)
        {
            // A false "not found" of a canary that is to get nothing is passed over at first, and found out when the ingresses are read back.
            bool foundOut = kind == FailureKind.NotFound && refusal is { Kind: FailureKind.Transient } && refusal.Message.Contains("different splits", StringComparison.Ordinal);
            Assert.True(refusal.Kind == kind || foundOut, $"call {call}: {refusal.Kind}, wanted {kind}: {refusal.Message}");
        }

        _faults.Spoil = _ => null;
        Router = before;
        return met;
    }

    private static Fault Made(string fault, RecordedRequest request) => fault switch
    {
        "401" => Fault.Answer(401, "Unauthorized", "Unauthorized"),
        "403" => Forbidden,
        "404" => Fault.Answer(404, "NotFound", "not found", $$"""{"name":"{{request.Name}}","kind":"ingresses"}"""),
        "409" => Fault.Answer(409, "Conflict", "the object has been modified"),
        "422" => Fault.Answer(422, "Invalid", "is invalid", """{"causes":[{"reason":"FieldValueInvalid","message":"no","field":"spec"}]}"""),
        "429" => Fault.Answer(429, "TooManyRequests", "slow down"),
        "500" => Fault.Answer(500, "InternalError", "etcd is away"),
        "silence" => Fault.Silence,
        "silence after it was done" => Fault.Silence with { AfterTheServerDidIt = true },
        "reset" => Fault.Reset,
        "reset after it was done" => Fault.Reset with { AfterTheServerDidIt = true },
        "garbage" => new(FaultKind.Status, 200, "<html>please log in</html>"),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "no such fault"),
    };

    private async Task<string?> OwnerIfAnyAsync(string stable)
    {
        V1IngressList all = (await Client.NetworkingV1.ListNamespacedIngressWithHttpMessagesAsync(Namespace, cancellationToken: Cancellation)).Body;
        return all.Items.FirstOrDefault(i => i.Metadata.Name == $"shop-{stable}-canary")?.Metadata.Annotations
            .FirstOrDefault(a => a.Key == "rolloutfunctions/owner").Value;
    }
}
