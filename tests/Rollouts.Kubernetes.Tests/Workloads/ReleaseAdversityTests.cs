using System.Diagnostics;
using Rollouts.Journal;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic;
using Rollouts.Machine;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Releases while the API server fails and while somebody else writes to the same objects.</summary>
public sealed class ReleaseAdversityTests(WorkloadCluster cluster) : WholeReleaseTest(cluster)
{
    private static readonly string[] s_weights = ["10", "0"];

    public static TheoryData<string> Faults =>
        new("500", "429", "reset", "reset after it was done", "silence");

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Release_CallsFailNowAndThen_IsPromotedAllTheSame(string fault)
    {
        await RunningAsync("shop:1");
        Random chance = new(1);
        int spoilt = 0;
        EngineRequests.Spoil = _ =>
        {
            // Whoever meets silence waits for its timeout.
            if (chance.Next(fault == "silence" ? 60 : 20) != 0)
            {
                return null;
            }

            spoilt++;
            return Of(fault) with { AfterTheServerDidIt = fault == "silence" ? chance.Next(2) == 0 : fault == "reset after it was done" };
        };

        string id = await StartAsync(Release("shop:2"));
        await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();

        Assert.Empty(Witness.Faults);
        Assert.Equal([0, 10, 60, 100, 0], Witness.Weights);
        Assert.NotEqual(0, spoilt);
    }

    [Fact]
    public async Task Release_AnotherClientPatchesAllTheTime_IsPromotedAllTheSame()
    {
        await RunningAsync("shop:1");
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int> storm = PatchStorm.RunAsync(Client, Namespace, done.Token);

        string id = await StartAsync(Release("shop:2"));
        await EndedAsync(id, RolloutOutcome.Promoted);

        await done.CancelAsync();
        Assert.True(await storm > 50, "no storm");
        Assert.Empty(Witness.Faults);
    }

    /// <summary>The engine's own delay would be a second.</summary>
    [Fact]
    public async Task Release_ServerAsksForRest_GetsItButNotFromAnAbort()
    {
        await RunningAsync("shop:1");
        Stopwatch clock = Stopwatch.StartNew();
        List<(string Weight, TimeSpan At)> tries = [];
        EngineRequests.Spoil = request =>
        {
            string? weight = s_weights.FirstOrDefault(w => request.IsWrite && request.Body.Contains($"canary-weight\":\"{w}\"", StringComparison.Ordinal));
            if (weight is null)
            {
                return null;
            }

            lock (tries)
            {
                tries.Add((weight, clock.Elapsed));
                return tries.Count(t => t.Weight == weight) > 1 ? null
                    : Fault.Answer(429, "TooManyRequests", "slow down", $$"""{"retryAfterSeconds":{{(weight == "0" ? 60 : 5)}}}""");
            }
        };

        string id = await StartAsync(Release("shop:2", steps: "- setWeight: 10\n- pause: {}"));
        await WhenAsync(id, s => s.Weight == 10);
        await DecideAsync(id, Command.Abort);
        await ClosedAsync();

        Assert.InRange(Rest("10"), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
        Assert.InRange(Rest("0"), TimeSpan.Zero, TimeSpan.FromSeconds(10));

        TimeSpan Rest(string weight) => tries.Where(t => t.Weight == weight).Select(t => t.At).ToArray() is [var first, var second, ..] ? second - first : default;
    }

    private static Fault Of(string fault) => fault switch
    {
        "500" => Fault.Answer(500, "InternalError", "etcdserver: leader changed"),
        "429" => Fault.Answer(429, "TooManyRequests", "slow down", """{"retryAfterSeconds":3}"""),
        "silence" => Fault.Silence,
        _ => Fault.Reset,
    };
}
