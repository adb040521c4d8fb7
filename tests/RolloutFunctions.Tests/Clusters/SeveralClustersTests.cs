using RolloutFunctions.Clusters;
using Rollouts;
using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Embedded.Tests;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Traffic;

namespace RolloutFunctions.Tests.Clusters;

/// <summary>Two clusters have a namespace of the same name: what a release needs is read from its own.</summary>
public sealed class SeveralClustersTests
{
    private const string Rollout = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: shop}
        spec:
          strategy:
            canary:
              canaryService: web-canary
              stableService: web-stable
              trafficRouting: {nginx: {stableIngress: web}}
              steps:
              - setWeight: 5
              - analysis: {templates: [{templateName: errors}, {templateName: shared, clusterScope: true}]}
        """;

    private readonly FakeCluster traffic = new();
    private readonly Stock europe = new("europe");
    private readonly Stock asia = new("asia");
    private readonly ClusterDirectory directory;

    public SeveralClustersTests() => directory = new ClusterDirectory(
    [
        new("europe", "shop", new(traffic, traffic) { Secrets = europe, Templates = europe }),
        new("asia", "shop", new(traffic, traffic) { Secrets = asia, Templates = asia }),
        new("asia", "bank", new(traffic, traffic) { Secrets = asia, Templates = asia }),
        new("bare", "plain", new(traffic, traffic)),
    ]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("europe")]
    [InlineData("asia")]
    public async Task Release_NamesItsCluster_ItsTemplatesAndSecretsAreReadThere(string cluster)
    {
        Release release = await ReadAsync(Rollout, Policy(cluster));
        Assert.All(release.Templates.Values, t => Assert.Contains(cluster, t.Metrics[0].Prometheus!.Query, StringComparison.Ordinal));

        HeadersSeen metrics = new();
        EffectPerformer performer = new(directory, directory, metrics, new NoJournal(), TimeProvider.System) { Secrets = directory };
        foreach (TakeMeasurement measurement in FirstMeasurements(release))
        {
            await performer.PerformAsync("web", measurement, Cancellation);
        }

        Assert.Equal([$"secret of {cluster}", $"secret of {cluster}"], metrics.Seen);
    }

    /// <summary>A rollout that began while there was no choice goes on where it began.</summary>
    [Fact]
    public async Task Target_SecondClusterIsSetUpLater_StaysWhereItIs()
    {
        ClusterDirectory before = new([new("asia", "shop", new(traffic, traffic))]);
        TrafficTarget target = before.Canonical(Releases.Article.Target);
        await before.ClaimAsync(target, "web", RolloutMachine.LeaseTerm, Cancellation);

        Assert.Null(directory.Refusal(target));
        Assert.Equal(TrafficSplit.None, await directory.ApplyAsync(target, TrafficSplit.None, "web", 1, Cancellation));
        Assert.Equal(target, directory.Canonical(target));
    }

    /// <summary>A rollout may be recorded under one name of its target only, and its secrets are still found.</summary>
    [Fact]
    public async Task Release_OneClusterServesTheNamespace_NeedsNoName()
    {
        Release release = await ReadAsync(Rollout.Replace("namespace: shop", "namespace: bank", StringComparison.Ordinal));

        Assert.Equal("asia", release.Target.Cluster);
        Assert.All(release.Templates.Values, t => Assert.Contains("asia", t.Metrics[0].Prometheus!.Query, StringComparison.Ordinal));
        Assert.Equal("secret of asia", await directory.ReadAsync(new("bank"), new SecretReference("metrics", "token"), Cancellation));
    }

    [Fact]
    public async Task FindAsync_SeveralServeTheNamespaceAndNoneIsNamed_NamesTheCure()
    {
        PortException refused = await Assert.ThrowsAsync<PortException>(() => ReadAsync(Rollout));

        Assert.Equal(FailureKind.Invalid, refused.Kind);
        Assert.Contains("spec.cluster of its RolloutPolicy", refused.Message, StringComparison.Ordinal);
        Assert.Empty(europe.Read.Concat(asia.Read));
    }

    [Theory]
    [InlineData("shop", "mars")]
    [InlineData("bank", "europe")]
    [InlineData("other", null)]
    public async Task ReadAsync_ClusterThatDoesNotServeTheNamespace_ReadsNothing(string ns, string? cluster)
    {
        SecretReference secret = new("metrics", "token");

        PortException refused = await Assert.ThrowsAsync<PortException>(() => directory.ReadAsync(new(ns, cluster), secret, Cancellation));
        await Assert.ThrowsAsync<PortException>(() => directory.FindAsync(new(ns, cluster), new TemplateReference("errors", false), Cancellation));

        Assert.Equal(FailureKind.Invalid, refused.Kind);
        Assert.Empty(europe.Read.Concat(asia.Read));
    }

    [Fact]
    public async Task ReadAsync_ClusterWithoutSecretsAndTemplates_SaysSo()
    {
        PortException refused = await Assert.ThrowsAsync<PortException>(() => directory.ReadAsync(new("plain"), new SecretReference("metrics", "token"), Cancellation));

        Assert.Contains("no secrets are read in the namespace plain", refused.Message, StringComparison.Ordinal);
        Assert.Null(await directory.FindAsync(new("plain"), new TemplateReference("errors", false), Cancellation));
    }

    private static string Policy(string cluster) => $"apiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nmetadata: {{name: web}}\nspec: {{cluster: {cluster}}}\n";

    private async Task<Release> ReadAsync(params string[] texts)
    {
        IReadOnlyList<ManifestFile> files = await ReleaseIntake
            .GatherAsync([.. texts.Select((t, i) => new ManifestFile($"{i}", t))], directory, TimeProvider.System, Cancellation);
        ReleaseReading reading = ReleaseReader.Read(files);
        Assert.Empty(reading.Problems);
        return reading.Release! with { Target = directory.Canonical(reading.Release.Target) };
    }

    private static IEnumerable<TakeMeasurement> FirstMeasurements(Release release)
    {
        DateTimeOffset noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        Turn turn = RolloutMachine.Start(release, release.Id(), "jo", noon);
        while (!turn.Effects.Any(e => e is TakeMeasurement))
        {
            turn = RolloutMachine.Advance(turn.Rollout, [.. turn.Effects.Select(Answer)], noon);
        }

        return turn.Effects.OfType<TakeMeasurement>();
    }

    private static Observation Answer(Effect effect) => effect switch
    {
        InspectWorkload => new WorkloadInspected("stable", "canary"),
        ClaimTarget => new TargetClaimed(TrafficSplit.None),
        RouteTraffic route => new TrafficRouted(route.Split, route.Revision),
        AppendJournal append => new JournalAppended(append.Entries[^1].Number),
        _ => throw new ArgumentOutOfRangeException(nameof(effect), effect.GetType().Name, "not expected here"),
    };

    /// <summary>A cluster's secrets and templates, which say whose they are.</summary>
    private sealed class Stock(string cluster) : ISecretSource, ITemplateSource
    {
        public List<string> Read { get; } = [];

        public Task<string> ReadAsync(ClusterNamespace ns, SecretReference secret, CancellationToken cancellationToken)
        {
            Read.Add(secret.Name);
            return Task.FromResult($"secret of {cluster}");
        }

        public Task<ManifestFile?> FindAsync(ClusterNamespace ns, TemplateReference template, CancellationToken cancellationToken)
        {
            Read.Add(template.Key);
            string kind = template.ClusterScope ? "ClusterAnalysisTemplate" : "AnalysisTemplate";
            return Task.FromResult<ManifestFile?>(new(template.Key, $$$"""
                apiVersion: argoproj.io/v1alpha1
                kind: {{{kind}}}
                metadata:
                  name: {{{template.Name}}}
                spec:
                  args:
                  - name: token
                    valueFrom: {secretKeyRef: {name: metrics, key: token} }
                  metrics:
                  - name: {{{template.Name}}}
                    successCondition: result[0] <= 0.01
                    provider:
                      prometheus:
                        address: http://prometheus:9090
                        query: errors_of_{{{cluster}}}
                        headers: [{key: X-Token, value: "{{args.token}}"} ]
                """));
        }
    }

    private sealed class HeadersSeen : IMetricProvider
    {
        public List<string> Seen { get; } = [];

        public Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken)
        {
            Seen.AddRange(query.Headers.Select(h => h.Value));
            return Task.FromResult(new MetricAnswer(MetricValue.ParsePrometheusNotation("[0]"), []));
        }
    }

    private sealed class NoJournal : IRolloutJournal
    {
        public Task<DecisionAppend> AppendDecisionAsync(string rolloutId, Decision decision, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<SequencedDecision>> ReadDecisionsAsync(string rolloutId, long after, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task AppendAsync(string rolloutId, IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryCloseAsync(string rolloutId, long lastRead, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<JournalRecord>> ReadAsync(string rolloutId, long after, int most, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
