using System.Text.Json;
using k8s;
using k8s.Models;
using Rollouts.Analysis;
using Rollouts.Kubernetes.Analysis;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Manifests;

namespace Rollouts.Kubernetes.Tests.Analysis;

/// <summary>Templates that stand in a cluster, before Argo's CRDs are installed and after.</summary>
public sealed class TemplateSourceTests(RealCluster cluster, SandboxCluster sandbox)
{
    private const string Group = "argoproj.io";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_WithoutTheCrds_ThereAreNoTemplates()
    {
        using k8s.Kubernetes client = await sandbox.AdminAsync();
        var source = new ClusterTemplateSource(client, TimeProvider.System);

        Assert.Null(await source.FindAsync(new("default"), new TemplateReference("error-rate", false), Cancellation));
        Assert.Null(await source.FindAsync(new("default"), new TemplateReference("error-rate", true), Cancellation));
    }

    [Fact]
    public async Task Find_OnARealServer_BeforeAndAfterTheCrds()
    {
        using k8s.Kubernetes client = await cluster.AdminAsync();
        var source = new ClusterTemplateSource(client, TimeProvider.System);
        Assert.Null(await source.FindAsync(new("default"), new TemplateReference("error-rate", false), Cancellation));
        Assert.Null(await source.FindAsync(new("default"), new TemplateReference("error-rate", true), Cancellation));

        await CustomResources.EstablishedAsync(client, Group, "v1alpha1", "analysistemplates", "AnalysisTemplate", Cancellation);
        await CustomResources.EstablishedAsync(client, Group, "v1alpha1", "clusteranalysistemplates", "ClusterAnalysisTemplate", Cancellation, "Cluster");
        string ns = await client.CreateTestNamespaceAsync(Cancellation);
        Assert.Null(await source.FindAsync(new(ns), new TemplateReference("error-rate", false), Cancellation));

        await client.CustomObjects.CreateNamespacedCustomObjectAsync(
            Template("AnalysisTemplate", "error-rate", """{"templates":[{"templateName":"shared","clusterScope":true}],"metrics":[]}"""),
            Group, "v1alpha1", ns, "analysistemplates", cancellationToken: Cancellation);
        await client.CustomObjects.CreateClusterCustomObjectAsync(
            Template("ClusterAnalysisTemplate", "shared", """{"metrics":[{"name":"up","successCondition":"result[0] == 1","provider":{"prometheus":{"query":"up"}}}]}"""),
            Group, "v1alpha1", "clusteranalysistemplates", cancellationToken: Cancellation);

        ManifestFile found = (await source.FindAsync(new(ns), new TemplateReference("error-rate", false), Cancellation))!;
        Assert.Equal($"cluster/{ns}/AnalysisTemplate/error-rate", found.Name);
        Assert.Equal(
            """{"apiVersion":"argoproj.io/v1alpha1","kind":"AnalysisTemplate","metadata":{"name":"error-rate","namespace":"NS"},"spec":{"metrics":[],"templates":[{"clusterScope":true,"templateName":"shared"}]}}"""
                .Replace("NS", ns),
            found.Text);

        IReadOnlyList<ManifestFile> gathered = await ReleaseIntake.GatherAsync([Rollout(ns)], source, TimeProvider.System, Cancellation);
        ReleaseReading reading = ReleaseReader.Read(gathered);
        Assert.Equal(["cluster/shared", "error-rate"], reading.Release!.Templates.Keys);
        Assert.DoesNotContain(reading.Problems, p => p.Severity == ProblemSeverity.Error);

        using k8s.Kubernetes restricted = await cluster.RestrictedAsync();
        PortException failure = await Assert.ThrowsAsync<PortException>(() =>
            new ClusterTemplateSource(restricted, TimeProvider.System).FindAsync(new(ns), new TemplateReference("error-rate", false), Cancellation));
        Assert.StartsWith($"forbidden: needs get on analysistemplates.argoproj.io in namespace {ns}", failure.Message);
    }

    private static JsonElement Template(string kind, string name, string spec) => JsonDocument.Parse(
        $$$"""{"apiVersion":"argoproj.io/v1alpha1","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}","annotations":{"note":"not part of a release"}},"spec": {{{spec}}} }""").RootElement;

    private static ManifestFile Rollout(string ns) => new("request", $$$"""
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: {{{ns}}} }
        spec:
          strategy:
            canary:
              canaryService: web-canary
              stableService: web-stable
              trafficRouting: {nginx: {stableIngress: web}}
              steps:
              - setWeight: 5
              - analysis:
                  templates: [{templateName: error-rate}]
        """);
}
