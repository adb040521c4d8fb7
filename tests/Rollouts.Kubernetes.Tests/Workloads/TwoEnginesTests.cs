using Rollouts.Embedded;
using Rollouts.Engine;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Two engines that know nothing of each other, told to release to the same Deployment at once.</summary>
public sealed class TwoEnginesTests(WorkloadCluster cluster) : WholeReleaseTest(cluster)
{
    [Fact]
    public async Task Start_SameDeploymentOnBoth_OneReleaseComesAfterTheOther()
    {
        await RunningAsync("shop:1");
        using k8s.Kubernetes client = await Cluster.AdminAsync();
        await using EmbeddedEngine other = await OpenAsync("other.db", client);
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task running = other.RunAsync(stopping.Token);
        List<string> promoted = [];

        int[] refusals = await Task.WhenAll(PromoteAsync(Engine, "shop:2", promoted), PromoteAsync(other, "shop:3", promoted));
        await stopping.CancelAsync();
        await running;

        Assert.NotEqual(0, refusals.Sum());
        Assert.Equal([0, 10, 60, 100, 0, 10, 60, 100, 0], Witness.Weights);
        Assert.Empty(Witness.Faults);
        Assert.Equal(promoted[^1], (await DeploymentAsync("shop")).Spec.Template.Spec.Containers[0].Image);
    }

    /// <summary>Starts a release again and again until it is promoted.</summary>
    /// <returns>How often the other engine's was in the way.</returns>
    private async Task<int> PromoteAsync(EmbeddedEngine engine, string image, List<string> promoted)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        for (int refusals = 0; ; refusals++)
        {
            // A release that was refused is over; the same with another deadline is another.
            Release release = Release(image) with { ProgressDeadline = TimeSpan.FromSeconds(600 + refusals) };
            StartResult started = await engine.StartAsync(release, image, limit.Token);
            if (started.Outcome == StartOutcome.Started)
            {
                RolloutStatus ended = (await engine.WaitAsync(started.Status!.Id, s => s.FinishedAt is not null, limit.Token))!;
                if (ended.Outcome == RolloutOutcome.Promoted)
                {
                    lock (promoted)
                    {
                        promoted.Add(image);
                    }

                    return refusals;
                }

                Assert.Equal(RolloutOutcome.Invalid, ended.Outcome);
                Assert.Contains("is owned by rollout", ended.Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(StartOutcome.TargetOwned, started.Outcome);
            }

            await Task.Delay(200, limit.Token);
        }
    }
}
