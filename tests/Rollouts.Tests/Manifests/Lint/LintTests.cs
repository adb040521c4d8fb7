using Rollouts.Manifests;
using Rollouts.Manifests.Lint;

namespace Rollouts.Tests.Manifests.Lint;

public sealed class LintTests
{
    private const string Policy = "apiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nspec: {}\n";

    public static TheoryData<string> Templates =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "templates"), "*.yaml").Select(f => Path.GetFileName(f)).Order()];

    [Fact]
    public void Validate_Article_NamesWhatBites() =>
        Assert.Equal(
            [
                "a.yaml:40: spec.metrics[0].successCondition: warning: makes every value that is not a success a failure, a slight excess too; give a failureCondition (result[0] > …) for what is clearly broken, and a person is asked about what lies between [no-grey-zone]",
                "a.yaml:41: spec.metrics[0].failureLimit: warning: takes one measurement, so failureLimit 2 can never be exceeded and the metric can't fail; set interval and count [limit-above-count]",
                "a.yaml:46: spec.metrics[0].provider.prometheus.query: warning: has no value as long as no series matches status=~\"5..\", however much traffic there is; write the upper part of the division as (… or vector(0)) [vanishing-numerator]",
            ],
            ReleaseReader.Validate(Manifest.Files(Manifest.Article), LintOptions.Default).Select(p => p.ToString()));

    [Theory]
    [MemberData(nameof(Templates))]
    public void Validate_ShippedTemplate_IsSilent(string file)
    {
        string template = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "templates", file));
        string name = Path.GetFileNameWithoutExtension(file);
        string rollout = Manifest.Rollout.Replace("templateName: error-rate", $"templateName: {name}", StringComparison.Ordinal)
            + "          args:\n"
            + string.Concat(new[] { "service-name", "ingress" }.Select(a => $"          - {{name: {a}, value: web}}\n"))
            + "          - {name: canary-hash, valueFrom: {podTemplateHashValue: Latest}}\n"
            + "          - {name: stable-hash, valueFrom: {podTemplateHashValue: Stable}}\n";

        Assert.Empty(ReleaseReader.Validate(Manifest.Files(template), LintOptions.Default));
        Assert.DoesNotContain(ReleaseReader.Validate(Manifest.Files(rollout, template), LintOptions.Default), p => p.Rule is not null);
    }

    [Theory]
    [InlineData("5m", 0)]
    [InlineData("10s", 1)]
    public void Validate_AnalysisOfAnExperiment_IsLintedWithItsArguments(string window, int warnings)
    {
        string rollout = LintRuleTests.Clean.Split("---\n")[0].Replace("  strategy:", "  selector: {matchLabels: {app: web}}\n  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: \"web:2\"}]}}\n  strategy:", StringComparison.Ordinal)
            + $"      - experiment: {{duration: 5m, templates: [{{name: a, specRef: canary}}], analyses: [{{name: x, templateName: pods, args: [{{name: window, value: {window}}}]}}]}}\n";
        string template = LintRuleTests.Clean.Split("---\n")[1];
        string pods = Manifest.Template.Replace("name: error-rate\nspec:", "name: pods\nspec:\n  args: [{name: window}]", StringComparison.Ordinal)
            .Replace("sum(rate(errors[5m])) / sum(rate(requests[5m]))", "sum(rate(x_total{version=\"a\"}[{{args.window}}]))", StringComparison.Ordinal);

        IReadOnlyList<ManifestProblem> found = ReleaseReader.Validate(Manifest.Files(rollout, template, pods), LintOptions.Default);

        Assert.DoesNotContain(found, p => p.Severity == ProblemSeverity.Error);
        Assert.Equal(warnings, found.Count(p => p.Rule == "window-too-short"));
    }

    [Fact]
    public void Validate_WithoutLint_IsSilent() => Assert.Empty(ReleaseReader.Validate(Manifest.Files(Manifest.Article)));

    [Fact]
    public void Validate_WithErrors_IsNotLinted() =>
        Assert.DoesNotContain(
            ReleaseReader.Validate(Manifest.Files(Manifest.Article.Replace("setWeight: 5", "setWeight: 500", StringComparison.Ordinal)), LintOptions.Default),
            p => p.Rule is not null);

    [Theory]
    [InlineData("no-grey-zone", "limit-above-count vanishing-numerator")]
    [InlineData("no-grey-zone, vanishing-numerator", "limit-above-count")]
    [InlineData("  limit-above-count ,no-grey-zone,vanishing-numerator,", "")]
    public void Validate_IgnoredByAnnotation_IsSilentAboutThatDocument(string ignored, string left)
    {
        string annotated = Manifest.Article.Replace("metadata:\n  name: error-rate", $"metadata:\n  annotations: {{rolloutfunctions/lint-ignore: \"{ignored}\"}}\n  name: error-rate", StringComparison.Ordinal);
        string elsewhere = Manifest.Article.Replace("metadata:\n  name: checkout", $"metadata:\n  annotations: {{rolloutfunctions/lint-ignore: \"{ignored}\"}}\n  name: checkout", StringComparison.Ordinal);

        Assert.Equal(left, string.Join(' ', Rules(annotated).Order()));
        Assert.Equal("limit-above-count no-grey-zone vanishing-numerator", string.Join(' ', Rules(elsewhere).Order()));
    }

    [Theory]
    [InlineData("rolloutfunctions/lint-ignore: no-gray-zone", "names no lint rule: \"no-gray-zone\", did you mean no-grey-zone?; the rules are vanishing-numerator, ")]
    [InlineData("rolloutfunctions/scrape-interval: often", "has no effect: \"often\" is no duration; write for instance 30s")]
    public void Validate_AnnotationWithoutEffect_Warns(string annotation, string expected)
    {
        ManifestProblem problem = Assert.Single(ReleaseReader.Validate(Manifest.Files($"{Policy}metadata:\n  annotations:\n    {annotation}\n")));

        Assert.Equal((6, ProblemSeverity.Warning), (problem.Line, problem.Severity));
        Assert.StartsWith(expected, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metadata: {annotations: [rolloutfunctions/lint-ignore]}")]
    [InlineData("metadata: {annotations: {rolloutfunctions/lint-ignore: }}")]
    [InlineData("metadata: {annotations: {rolloutfunctions/lint-ignore: {a: b}}}")]
    [InlineData("metadata: []")]
    public void Validate_AnnotationOfAnotherShape_IsNotRead(string metadata) =>
        Assert.DoesNotContain(ReleaseReader.Validate(Manifest.Files($"{Policy}{metadata}\n"), LintOptions.Default), p => p.Path.Contains("lint-ignore", StringComparison.Ordinal));

    [Fact]
    public void All_Rules_HaveNamesOfTheirOwn()
    {
        Assert.Equal(LintRules.All.Count, LintRules.All.Select(r => r.Name).Distinct().Count());
        Assert.All(LintRules.All, r => Assert.Matches("^[a-z]+(-[a-z]+)+$", r.Name));
        Assert.All(LintRules.All, r => Assert.NotEmpty(r.Summary));
    }

    private static IEnumerable<string> Rules(string manifest) =>
        ReleaseReader.Validate(Manifest.Files(manifest), LintOptions.Default).Select(p => p.Rule!);
}
