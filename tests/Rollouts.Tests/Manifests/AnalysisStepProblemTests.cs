using Rollouts.Analysis;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace Rollouts.Tests.Manifests;

public sealed class AnalysisStepProblemTests
{
    private const string Reference = "          - templateName: error-rate\n";

    private const string Step = "spec.strategy.canary.steps[2].analysis";

    [Theory]
    [InlineData("          - templateName: error-rat\n", $"a.yaml:18: {Step}.templates[0].templateName: there is no AnalysisTemplate error-rat in the release, did you mean error-rate?; given are error-rate")]
    [InlineData("          - templateName: error-rate\n            clusterScope: true\n", $"a.yaml:18: {Step}.templates[0].templateName: there is no ClusterAnalysisTemplate error-rate in the release; there is an AnalysisTemplate of this name, so write clusterScope: false")]
    [InlineData("          - templateName: error-rate\n            clusterScope: \"no\"\n", $"a.yaml:19: {Step}.templates[0].clusterScope: must be true or false; found the text \"no\"")]
    [InlineData("          - template: error-rate\n", $"a.yaml:18: {Step}.templates[0].template: unknown field; supported are templateName, clusterScope", $"a.yaml:18: {Step}.templates[0].templateName: is required: the name of a template in the release")]
    [InlineData("          - templateName: error-rate\n          - templateName: error-rate\n")]
    [InlineData("          - templateName: error-rate\n          measurementRetention: [{metricName: x, limit: 1}]\n", $"a.yaml:19: {Step}.measurementRetention[0]: Rule didn't match any metric name(s); the metrics are error-rate")]
    [InlineData("          - templateName: error-rate\n          analysisRunMetadata: {}\n", $"a.yaml:19: {Step}.analysisRunMetadata: warning: has no meaning here: there is no AnalysisRun object that it could be put on")]
    [InlineData("          - templateName: error-rate\n          startingStep: 2\n", $"a.yaml:19: {Step}.startingStep: unknown field; supported are templates, args, dryRun, measurementRetention")]
    public void Read_AnalysisWrong_SaysWhatIsAllowed(string replace, params string[] expected) =>
        Assert.Equal(expected, Manifest.ProblemsAfter(Reference, replace));

    [Theory]
    [InlineData("          templates: []\n")]
    [InlineData("          templates:\n")]
    [InlineData("          args: []\n")]
    public void Read_AnalysisWithoutTemplates_IsRefused(string replace) =>
        Assert.Equal(
            [$"a.yaml:{(replace.Contains("args") ? 16 : 17)}: {Step}.templates: is required: at least one template, as templateName: NAME"],
            Manifest.ProblemsAfter("          templates:\n" + Reference, replace));

    [Theory]
    [InlineData("{name: x}", "", "has no value; give value, valueFrom.podTemplateHashValue or valueFrom.fieldRef")]
    [InlineData("{name: x, value: 5}", ".value", "must be a text; 5 is read as a number, so put it in quotes: \"5\"")]
    [InlineData("{name: x, value: no}", ".value", "must be a text; no is read as a boolean, so put it in quotes: \"no\"")]
    [InlineData("{name: x, value: {a: b}}", ".value", "must be a text; found an object (put a text that begins with { or holds \": \" in quotes)")]
    [InlineData("{name: x, value: a, valueFrom: {podTemplateHashValue: Latest}}", ".valueFrom", "is given beside value; give one of the two")]
    [InlineData("{name: x, valueFrom: {podTemplateHashValue: latest}}", ".valueFrom.podTemplateHashValue", "must be Stable or Latest; found the text \"latest\"")]
    [InlineData("{name: x, valueFrom: {}}", ".valueFrom", "is empty; it holds podTemplateHashValue: Stable or Latest, or fieldRef")]
    [InlineData("{name: x, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['team']\"}}}", "", "invalid path metadata.labels['team'] in rollout")]
    [InlineData("{name: x, valueFrom: {fieldRef: {}}}", ".valueFrom.fieldRef.fieldPath", "is required: the path of a field of the Rollout")]
    [InlineData("{name: x, valueFrom: {secretKeyRef: {name: a, key: b}}}", ".valueFrom.secretKeyRef", "not supported: a template names its secrets itself, as in Argo: write it into the template's args; supported are podTemplateHashValue, fieldRef")]
    public void Read_ArgumentWrong_SaysWhatIsAllowed(string argument, string path, string expected) =>
        Assert.Equal(
            [$"a.yaml:20: {Step}.args[0]{path}: {expected}"],
            Manifest.Problems(
                Manifest.Rollout + $"          args:\n          - {argument}\n",
                Manifest.Template.Replace("  metrics:", "  args: [{name: x}]\n  metrics:")));

    [Fact]
    public void Read_ArgumentTwice_IsRefused() =>
        Assert.Equal(
            [$"a.yaml:21: {Step}.args[1]: gives \"x\" a second time; give each argument once"],
            Manifest.Problems(
                Manifest.Rollout + "          args:\n          - {name: x, value: a}\n          - {name: x, value: a}\n",
                Manifest.Template.Replace("  metrics:", "  args: [{name: x}]\n  metrics:")));

    [Fact]
    public void Read_ArgumentThatNoTemplateDeclares_WarnsThatItIsIgnored() =>
        Assert.Equal(
            [$"a.yaml:20: {Step}.args[0]: warning: no template of this analysis declares the argument \"servic\", so it has no effect, did you mean service?"],
            Manifest.Problems(
                Manifest.Rollout + "          args:\n          - {name: servic, value: a}\n",
                Manifest.Template.Replace("  metrics:", "  args: [{name: service, value: web}]\n  metrics:")));

    [Fact]
    public void Read_ArgumentWithoutValue_WasNotResolved() =>
        Assert.Equal(
            [$"a.yaml:16: {Step}: args.service was not resolved: it has no default, so the analysis must give it a value"],
            Manifest.ProblemsAfter("  metrics:", "  args: [{name: service}]\n  metrics:"));

    [Theory]
    [InlineData("nothing", $"a.yaml:20: {Step}.dryRun[0]: Rule didn't match any metric name(s); the metrics are error-rate")]
    [InlineData("\"(\"", $"a.yaml:20: {Step}.dryRun[0].metricName: \"(\" is no regular expression of at most 200 characters as Go reads them")]
    [InlineData("(?=x)", $"a.yaml:20: {Step}.dryRun[0].metricName: \"(?=x)\" is no regular expression of at most 200 characters as Go reads them")]
    [InlineData("5", $"a.yaml:20: {Step}.dryRun[0].metricName: must be a text; 5 is read as a number, so put it in quotes: \"5\"")]
    [InlineData("r.*t", null)]
    [InlineData("^error-rate$", null)]
    [InlineData("\"(?P<part>rat)e\\\\z\"", null)]
    [InlineData("\"\\\\Qor-r\\\\E\"", null)]
    public void Read_DryRunRule_MustMatchAMetric(string rule, string? expected) =>
        Assert.Equal(
            expected is null ? [] : [expected],
            Manifest.Problems(Manifest.Rollout + $"          dryRun:\n          - metricName: {rule}\n", Manifest.Template));

    [Fact]
    public void Read_SameDryRunRuleInStepAndTemplate_IsRefused() =>
        Assert.Equal(
            ["b.yaml:6: spec.dryRun[0]: two Dry-Run metric rules have the same name 'error'"],
            Manifest.Problems(
                Manifest.Rollout + "          dryRun:\n          - metricName: error\n",
                Manifest.Template.Replace("  metrics:", "  dryRun: [{metricName: error}]\n  metrics:")));

    [Fact]
    public void Read_TemplatesWithDifferentDefaults_IsRefused()
    {
        string first = Manifest.Template.Replace("  metrics:", "  args: [{name: svc, value: a}]\n  metrics:");
        string second = Manifest.Template.Replace("name: error-rate", "name: latency").Replace("  metrics:", "  args: [{name: svc, value: b}]\n  metrics:");

        Assert.Equal(
            [$"a.yaml:19: {Step}.templates[1].templateName: Argument `svc` specified multiple times with different values: 'a', 'b' (the first in template 'error-rate'); templates used together must agree on a default"],
            Manifest.Problems(Manifest.Rollout + "          - templateName: latency\n", first, second));
        Assert.Empty(Manifest.Problems(Manifest.Rollout + "          - templateName: latency\n", first, second.Replace("value: b", "value: a")));
        Assert.Empty(Manifest.Problems(Manifest.Rollout + "          - templateName: latency\n", first, second.Replace(", value: b", "")));
    }

    [Fact]
    public void Read_MetricWithoutEnd_IsRefusedInAStep() =>
        Assert.Equal(
            [$"a.yaml:18: {Step}.templates[0].templateName: AnalysisTemplate error-rate has metric error-rate which runs indefinitely. Invalid value for count: <nil>; give the metric a count"],
            Manifest.ProblemsAfter("    count: 5\n", ""));

    [Fact]
    public void Read_TemplateOfAnotherNamespace_IsRefused() =>
        Assert.Equal(
            [$"a.yaml:18: {Step}.templates[0].templateName: AnalysisTemplate error-rate is in namespace other, but the Rollout is in default; an analysis uses templates of its own namespace"],
            Manifest.ProblemsAfter("  name: error-rate\nspec", "  name: error-rate\n  namespace: other\nspec"));

    [Fact]
    public void Read_ClusterTemplate_IsFoundByScope()
    {
        ReleaseReading reading = Manifest.Read(
            Manifest.Rollout.Replace(Reference, Reference + "            clusterScope: true\n"),
            Manifest.Template.Replace("kind: Analysis", "kind: ClusterAnalysis").Replace("  name: error-rate\nspec", "  name: error-rate\n  namespace: other\nspec"));

        Assert.Equal(
            ["b.yaml:5: metadata.namespace: warning: has no meaning here: a ClusterAnalysisTemplate belongs to no namespace"],
            reading.Problems.Select(p => p.ToString()));
        Assert.Equal(["cluster/error-rate"], reading.Release!.Templates.Keys);
        Assert.Equal([new TemplateReference("error-rate", true)], Assert.IsType<AnalysisStep>(reading.Release.Steps[2]).Templates);
    }

    [Fact]
    public void Read_BrokenTemplateDocument_IsNotReportedAsMissingToo() =>
        Assert.Equal(
            ["b.yaml:1: is not valid YAML from here on; look for a bracket or quote that is not closed"],
            Manifest.Problems(Manifest.Rollout, "a: [1, 2\nb: 3\n"));
}
