using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Engine;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>Releases with an experiment: pods of both versions at equal size beside the rollout, an analysis on each, on real Deployments.</summary>
public sealed class ReleaseExperimentTests(WorkloadCluster cluster) : WholeReleaseTest(cluster)
{
    private const string Baseline = "rolloutfunctions/role=experiment-baseline";

    private const string Candidate = "rolloutfunctions/role=experiment-candidate";

    private const string Steps = """
        - experiment:
            duration: 4s
            templates:
            - { name: baseline, specRef: stable, replicas: 2 }
            - { name: candidate, specRef: canary, replicas: 2, metadata: { labels: { team: trial } } }
            analyses:
            - { name: baseline, templateName: errors, args: [{ name: hash, valueFrom: { podTemplateHashValue: Stable } }] }
            - { name: candidate, templateName: errors, args: [{ name: hash, valueFrom: { podTemplateHashValue: Latest } }] }
        - setWeight: 50
        - pause: { duration: 1s }
        """;

    private const string Template = """
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: { name: errors }
        spec:
          args: [{ name: hash }]
          metrics:
          - name: error-rate
            interval: 1s
            count: 3
            successCondition: result[0] <= 0.01
            provider: { prometheus: { query: 'errors{version="{{args.hash}}"}' } }
        """;

    private readonly PodMetrics metrics = new();

    protected override IMetricProvider Metrics => metrics;

    [Fact]
    public async Task Experiment_BothSidesAreGood_AreMeasuredRemovedAndTheReleaseIsPromoted()
    {
        await RunningAsync("shop:1");
        metrics.PodsAsync = PodsMeasuredAsync;
        string id = await StartAsync(Release("shop:2", policy: Template, steps: Steps));

        await EndedAsync(id, RolloutOutcome.Promoted);
        await ClosedAsync();

        // Six measurements, each while two pods of either version ran and nobody's requests went to the canary.
        Assert.Equal(6, metrics.Seen.Count);
        Assert.All(metrics.Seen, seen => Assert.Equal("shop:1 shop:1 | shop:2 shop:2", seen.Pods));
        Assert.Equal(2, metrics.Seen.Select(s => s.Query).Distinct().Count());
        Assert.Equal([0, 50, 100, 0], Witness.Weights);
        Assert.Empty(Witness.Faults);
        await NoExperimentAsync();
        Assert.All(await PodsAsync("app=shop"), p => Assert.Equal("shop:2", p.Spec.Containers[0].Image));
    }

    [Fact]
    public async Task Experiment_CandidateFails_IsRolledBackAndItsDeploymentsAreRemoved()
    {
        await RunningAsync("shop:1");
        string[] before = [.. (await PodsAsync("rolloutfunctions/role=stable")).Select(p => p.Metadata.Uid).Order(StringComparer.Ordinal)];
        metrics.PodsAsync = PodsMeasuredAsync;
        Release release = Release("shop:2", policy: Template, steps: Steps);
        metrics.Bad = (await ResolvedAsync(release.Workload!)).Revision;
        string id = await StartAsync(release);

        RolloutStatus ended = await EndedAsync(id, RolloutOutcome.RolledBack);
        await ClosedAsync();

        Assert.Contains("Metric \"candidate/error-rate\" assessed Failed", ended.Message, StringComparison.Ordinal);
        Assert.NotEmpty(metrics.Seen);
        Assert.Equal([0], Witness.Weights);
        Assert.Empty(Witness.Faults);
        await NoExperimentAsync();
        await EventuallyAsync(async () => (await PodsAsync("app=shop")).Count == 3);
        Assert.Equal(before, (await PodsAsync("app=shop")).Select(p => p.Metadata.Uid).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Abort_DuringAnExperiment_RemovesItsDeployments()
    {
        await RunningAsync("shop:1");
        string id = await StartAsync(Release("shop:2", policy: Template, steps: Steps.Replace("duration: 4s", "duration: 10m", StringComparison.Ordinal)));
        await EventuallyAsync(async () => (await PodsAsync(Baseline)).Count == 2 && (await PodsAsync(Candidate)).Count == 2);

        // The experiment's pods are nobody's endpoints.
        string[] experiment = [.. (await PodsAsync(Baseline)).Concat(await PodsAsync(Candidate)).Select(p => p.Name())];
        Assert.Empty((await EndpointsAsync("shop-stable")).Concat(await EndpointsAsync("shop-canary")).Intersect(experiment));
        Assert.All(await PodsAsync(Candidate), p => Assert.Equal("trial", p.GetLabel("team")));
        await DecideAsync(id, Journal.Command.Abort);

        await EndedAsync(id, RolloutOutcome.Aborted);
        await NoExperimentAsync();
        Assert.Equal([0], Witness.Weights);
    }

    private async Task<string> PodsMeasuredAsync() =>
        $"{Images(await PodsAsync(Baseline))} | {Images(await PodsAsync(Candidate))}";

    private static string Images(IReadOnlyList<V1Pod> pods) =>
        string.Join(' ', pods.Where(p => p.Status.Phase == "Running").Select(p => p.Spec.Containers[0].Image).Order(StringComparer.Ordinal));

    private async Task NoExperimentAsync()
    {
        await EventuallyAsync(async () =>
            !(await Client.ListNamespacedDeploymentAsync(Namespace, cancellationToken: Cancellation)).Items.Any(d => d.Name().Contains("experiment", StringComparison.Ordinal)));
        await EventuallyAsync(async () => (await PodsAsync(Baseline)).Count + (await PodsAsync(Candidate)).Count == 0);
    }

    /// <summary>A metric store that knows which pods there were when it was asked.</summary>
    private sealed class PodMetrics : IMetricProvider
    {
        public ConcurrentQueue<(string Query, string Pods)> Seen { get; } = [];

        public Func<Task<string>> PodsAsync { get; set; } = () => Task.FromResult("");

        /// <summary>The version that answers with errors.</summary>
        public string? Bad { get; set; }

        public async Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken)
        {
            Seen.Enqueue((query.Query, await PodsAsync()));
            return new MetricAnswer(new VectorValue([Bad is { } bad && query.Query.Contains(bad, StringComparison.Ordinal) ? 0.5 : 0.001]), []);
        }
    }
}
