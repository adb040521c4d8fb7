using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>An API server that refuses, keeps silent or breaks off, at every call in turn.</summary>
public sealed class WorkloadFaultTests(WorkloadCluster cluster) : WorkloadTest(cluster)
{
    /// <summary>What is injected, and the kind of failure it has to come out as, if it comes out.</summary>
    public static TheoryData<string, FailureKind> Faults => new()
    {
        { "403", FailureKind.Forbidden },
        { "409", FailureKind.Transient },
        { "422", FailureKind.Invalid },
        { "429", FailureKind.Transient },
        { "500", FailureKind.Transient },
        { "silence after it was done", FailureKind.Transient },
        { "reset", FailureKind.Transient },
        { "reset after it was done", FailureKind.Transient },
    };

    /// <summary>A silent server is given up soon, for there are many of them here.</summary>
    protected override TimeSpan RequestTimeout => TimeSpan.FromSeconds(1);

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Apply_CanaryWithAFaultAtEachCall_IsDoneWhenRepeatedAndStableIsUntouched(string fault, FailureKind kind)
    {
        await StartedAsync(replicas: 1);
        WorkloadSpec second = await ResolvedAsync("shop:2");
        IReadOnlyList<string> stable = [.. (await PodsAsync("app=shop")).Select(p => p.Metadata.Name)];
        long revision = 10;
        for (int call = 0; await FaultAsync(fault, kind, call, () => ApplyAsync(second, Canary(1), revision)); call++)
        {
            WorkloadState state = await ApplyAsync(second, Canary(1), revision);
            Assert.Equal((1, second.Revision, WorkloadRole.Canary), (state.Canary!.Desired, state.Canary.Revision, state.CanaryService));
            Assert.Null((await ApplyAsync(second, new WorkloadPlan(), revision + 1)).Canary);
            revision += 2;
        }

        Assert.Equal(stable, [.. (await PodsAsync("rolloutfunctions/role=stable")).Select(p => p.Metadata.Name)]);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Apply_PromotionAndRetirementWithAFaultAtEachCall_AreDoneWhenRepeated(string fault, FailureKind kind)
    {
        WorkloadSpec[] versions = [await StartedAsync(replicas: 1), await ResolvedAsync("shop:2")];
        long revision = 10;
        bool met = true;
        for (int call = 0; met; call++)
        {
            WorkloadSpec next = versions[(call + 1) % 2];
            await ApplyAsync(next, Canary(0), revision);
            WorkloadPlan promotion = Release() with { Canary = new CanaryPlan(0) };
            met = await FaultAsync(fault, kind, call, () => ApplyAsync(next, promotion, revision + 1));
            Assert.Equal(next.Revision, (await ApplyAsync(next, promotion, revision + 1)).Stable!.Revision);
            met |= await FaultAsync(fault, kind, call, () => ApplyAsync(next, new WorkloadPlan(), revision + 2));
            Assert.Null((await ApplyAsync(next, new WorkloadPlan(), revision + 2)).Canary);
            revision += 3;
        }
    }

    /// <summary>Runs an operation whose n-th call meets a fault; a refusal has to be of the given kind.</summary>
    /// <returns>False when the operation makes no such call.</returns>
    private async Task<bool> FaultAsync(string fault, FailureKind kind, int call, Func<Task> operation)
    {
        bool met = false;
        Requests.Forget();
        Requests.Spoil = r =>
        {
            met |= r.Number == call;
            return r.Number == call ? Made(fault) : null;
        };
        try
        {
            await operation();
        }
        catch (PortException refusal)
        {
            Assert.True(refusal.Kind == kind, $"call {call}: {refusal.Kind}, wanted {kind}: {refusal.Message}");
        }
        finally
        {
            Requests.Spoil = _ => null;
        }

        return met;
    }

    private static Fault Made(string fault) => fault switch
    {
        "403" => Fault.Answer(403, "Forbidden", "deployments.apps is forbidden: User may not do that"),
        "409" => Fault.Answer(409, "Conflict", "the object has been modified"),
        "422" => Fault.Answer(422, "Invalid", "spec.replicas: Invalid value"),
        "429" => Fault.Answer(429, "TooManyRequests", "please try again later", """{"retryAfterSeconds":1}"""),
        "500" => Fault.Answer(500, "InternalError", "etcdserver: leader changed"),
        "silence after it was done" => Fault.Silence with { AfterTheServerDidIt = true },
        "reset" => Fault.Reset,
        _ => Fault.Reset with { AfterTheServerDidIt = true },
    };
}
