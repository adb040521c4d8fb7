using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace Rollouts.Tests.Manifests;

/// <summary>Templates that nest others (Argo: <c>getAnalysisTemplatesFromRefs</c> in <c>rollout/analysis.go</c>, <c>FilterUniqueTemplates</c>).</summary>
public sealed class TemplateNestingTests
{
    private static readonly string Outer = Nest("outer", "error-rate", "latency");

    private static readonly string Latency = Manifest.Template.Replace("name: error-rate", "name: latency");

    [Fact]
    public void Read_NestedTemplates_AllBelongToTheAnalysis()
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout.Replace("templateName: error-rate", "templateName: outer"), Outer, Manifest.Template, Latency);

        Assert.Empty(reading.Problems);
        Assert.Equal(["error-rate", "latency", "outer"], reading.Release!.Templates.Keys);
        Assert.Equal(["error-rate", "latency"], Metrics(reading));
    }

    [Fact]
    public void Read_TemplateNamedTwice_CountsOnce()
    {
        ReleaseReading reading = Manifest.Read(
            Manifest.Rollout.Replace("          - templateName: error-rate\n", "          - templateName: latency\n          - templateName: outer\n"),
            Outer,
            Manifest.Template,
            Latency);

        Assert.Empty(reading.Problems);
        Assert.Equal(["latency", "error-rate"], Metrics(reading));
    }

    [Fact]
    public void Read_TemplatesInARing_CountOnce()
    {
        ReleaseReading reading = Manifest.Read(
            Manifest.Rollout.Replace("templateName: error-rate", "templateName: a"), Nest("a", "b"), Nest("b", "a", "error-rate"), Manifest.Template);

        Assert.Empty(reading.Problems);
        Assert.Equal(["error-rate"], Metrics(reading));
    }

    [Fact]
    public void Read_NothingButEachOther_HasNoMetrics() =>
        Assert.Equal(
            ["a.yaml:16: spec.strategy.canary.steps[2].analysis: no metrics specified"],
            Manifest.Problems(Manifest.Rollout.Replace("templateName: error-rate", "templateName: a"), Nest("a", "b"), Nest("b", "a")));

    [Fact]
    public void Read_NestedTemplateMissing_IsReportedWhereItIsNamed()
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout.Replace("templateName: error-rate", "templateName: outer"), Outer, Manifest.Template);

        Assert.Equal(
            ["b.yaml:8: spec.templates[1].templateName: there is no AnalysisTemplate latency in the release; given are error-rate, outer"],
            reading.Problems.Select(p => p.ToString()));
        Assert.Equal([new TemplateReference("latency", false)], reading.Missing);
    }

    [Fact]
    public void Read_RuleOfTheOuterTemplate_ReachesTheInnerMetrics()
    {
        ReleaseReading reading = Manifest.Read(
            Manifest.Rollout.Replace("templateName: error-rate", "templateName: outer"),
            Outer + "  dryRun: [{metricName: lat}]\n  measurementRetention: [{metricName: ., limit: 25}, {metricName: rate, limit: 0}]\n",
            Manifest.Template,
            Latency);

        Assert.Empty(reading.Problems);
        IReadOnlyList<Metric> metrics = Resolved(reading);
        Assert.Equal([false, true], metrics.Select(m => m.DryRun));
        Assert.Equal([null, 25], metrics.Select(m => m.MeasurementsKept));
    }

    private static string Nest(string name, params string[] inner) =>
        $"apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata:\n  name: {name}\nspec:\n  templates:\n"
        + string.Concat(inner.Select(i => $"  - templateName: {i}\n"));

    private static IEnumerable<string> Metrics(ReleaseReading reading) => Resolved(reading).Select(m => m.Name);

    private static IReadOnlyList<Metric> Resolved(ReleaseReading reading)
    {
        AnalysisStep step = reading.Release!.Steps.OfType<AnalysisStep>().Single();
        return ArgumentResolution.Resolve(TemplateNesting.Flatten(step.Templates, reading.Release.Templates), step, new AnalysisContext()).Metrics!;
    }
}
