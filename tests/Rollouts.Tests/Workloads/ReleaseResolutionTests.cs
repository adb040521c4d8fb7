using Microsoft.Extensions.Time.Testing;
using Rollouts.Engine;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Tests.Workloads;

public sealed class ReleaseResolutionTests
{
    private readonly Cluster _cluster = new();

    [Fact]
    public async Task Resolve_ContentOfTheClusterChanged_IsAnotherRollout()
    {
        Release release = Own();

        ResolvedRelease first = await ResolveAsync(release);
        ResolvedRelease again = await ResolveAsync(release);
        _cluster.Revision = "bbbbbbbbbb";
        ResolvedRelease changed = await ResolveAsync(release);

        Assert.Equal("aaaaaaaaaa", first.Release.Workload!.Revision);
        Assert.Equal(RolloutId.For(first.Release), RolloutId.For(again.Release));
        Assert.NotEqual(RolloutId.For(first.Release), RolloutId.For(changed.Release));
    }

    [Fact]
    public async Task Resolve_VersionsThatSomebodyElseDeploys_ComeBackAsTheyAre()
    {
        Release release = Own() with { Workload = null };

        Assert.Same(release, (await release.ResolveAsync(null, new FakeTimeProvider(), TestContext.Current.CancellationToken)).Release);
    }

    [Fact]
    public async Task Resolve_EngineWithoutDeployments_IsRefused()
    {
        ResolvedRelease refused = await Own().ResolveAsync(null, new FakeTimeProvider(), TestContext.Current.CancellationToken);

        Assert.Contains("deploys no workloads", refused.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_ClusterRefuses_SaysWhy()
    {
        _cluster.Failure = new PortException(FailureKind.NotFound, "ConfigMap `settings` not found");

        ResolvedRelease refused = await ResolveAsync(Own());

        Assert.Equal((StartOutcome.Refused, "ConfigMap `settings` not found"), (refused.Refused!.Outcome, refused.Refused.Reason));
    }

    /// <summary>A pipeline tries it again; what is refused for good it does not.</summary>
    [Fact]
    public async Task Resolve_ClusterDoesNotAnswer_IsUnavailable()
    {
        _cluster.Failure = new PortException(FailureKind.Transient, "503");

        Assert.Equal(StartOutcome.Unavailable, (await ResolveAsync(Own())).Refused!.Outcome);
    }

    [Fact]
    public async Task Resolve_TemplateOfAReferenceTooLarge_IsRefused()
    {
        Random noise = new(1);
        _cluster.Template = string.Concat(Enumerable.Range(0, 40_000).Select(_ => (char)noise.Next('0', 'z')));

        Assert.Contains("too large", (await ResolveAsync(Own())).Refusal, StringComparison.Ordinal);
    }

    private Task<ResolvedRelease> ResolveAsync(Release release) =>
        release.ResolveAsync(_cluster, new FakeTimeProvider(), TestContext.Current.CancellationToken);

    private static Release Own() => new()
    {
        Name = "shop",
        Namespace = "default",
        Target = new TrafficTarget
        {
            Namespace = "default",
            RolloutName = "shop",
            StableService = "shop-stable",
            CanaryService = "shop-canary",
            Nginx = new NginxRouting { StableIngresses = ["shop"] },
        },
        Workload = new WorkloadSpec { Template = "{}", Selector = new SortedDictionary<string, string> { ["app"] = "shop" } },
    };

    private sealed class Cluster : IWorkloadController
    {
        public string Revision { get; set; } = "aaaaaaaaaa";

        public string? Template { get; set; }

        public PortException? Failure { get; set; }

        public Task<WorkloadSpec> ResolveAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken) =>
            Failure is null ? Task.FromResult(workload with { Revision = Revision, Template = Template ?? workload.Template }) : throw Failure;

        public Task<WorkloadSpec> FindFormerAsync(TrafficTarget target, WorkloadSpec workload, string? revision, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<FormerVersion>> ListFormerAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<WorkloadState> ReadAsync(TrafficTarget target, WorkloadSpec workload, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<WorkloadState> ApplyAsync(
            TrafficTarget target, WorkloadSpec workload, WorkloadPlan plan, WorkloadFence fence, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
