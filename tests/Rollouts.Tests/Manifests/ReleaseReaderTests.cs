using Rollouts.Analysis;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace Rollouts.Tests.Manifests;

public sealed class ReleaseReaderTests
{
    [Fact]
    public void Read_ArticleManifest_GivesRelease()
    {
        ReleaseReading reading = Manifest.Read(Manifest.Article);

        Assert.Empty(reading.Problems);
        Release release = Assert.IsType<Release>(reading.Release);
        Assert.Equal(("checkout", "shop"), (release.Name, release.Namespace));
        Assert.Equal("shop/checkout", release.Target.ToString());
        Assert.Equal(("checkout-stable", "checkout-canary", 100), (release.Target.StableService, release.Target.CanaryService, release.Target.MaxWeight));
        Assert.Equal(["checkout"], release.Target.Nginx!.StableIngresses);
        Assert.Equal(
            ["setWeight: 5", "pause: 5m", "analysis: error-rate", "setWeight: 25", "pause: 10m", "setWeight: 100"],
            release.Steps.Select(s => s.Title));
        AnalysisStep step = Assert.IsType<AnalysisStep>(release.Steps[2]);
        Assert.Equal(
            [new AnalysisArgument("service-name", "checkout"), new AnalysisArgument("canary-hash", null, PodTemplateHash.Latest)],
            step.Args);
        AnalysisTemplate template = Assert.Single(release.Templates).Value;
        Assert.Equal([new TemplateArgument("service-name", null), new TemplateArgument("canary-hash", null)], template.Args);
        MetricTemplate metric = Assert.Single(template.Metrics);
        Assert.Equal(("error-rate", "2", "result[0] <= 0.01"), (metric.Name, metric.FailureLimit, metric.SuccessCondition));
        Assert.Equal("http://prometheus:9090", metric.Prometheus!.Address);
        Assert.StartsWith("sum(rate(http_requests_total{\n  job=\"{{args.service-name}}\",\n", metric.Prometheus!.Query, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{64}$", release.Digest);
    }

    [Fact]
    public void Read_NoFiles_SaysWhatToGive() =>
        Assert.Equal(["input:1: is empty; give a file with a Rollout and its AnalysisTemplates"], ReleaseReader.Read([]).Problems.Select(p => p.ToString()));

    [Fact]
    public void Read_TemplatesOnly_NeedsARollout()
    {
        Assert.Equal(
            ["a.yaml:1: there is no Rollout; a release needs one (apiVersion: argoproj.io/v1alpha1, kind: Rollout)"],
            Manifest.Problems(Manifest.Template));
        Assert.Empty(ReleaseReader.Validate(Manifest.Files(Manifest.Template)));
    }

    [Fact]
    public void ReadTemplates_RolloutMayBeThere_AndIsCheckedWithThem()
    {
        ReleaseReading reading = ReleaseReader.ReadTemplates(Manifest.Files(Manifest.Article));

        Assert.NotNull(reading.Release);
        Assert.Equal(["error-rate"], reading.Templates.Keys);
        Assert.Null(ReleaseReader.ReadTemplates(Manifest.Files(Manifest.Template)).Release);
    }

    [Fact]
    public void ReadTemplates_ArgumentWithoutDefault_IsLeftToTheCaller() =>
        Assert.Empty(ReleaseReader.ReadTemplates(Manifest.Files(Manifest.Template.Replace("  metrics:", "  args: [{name: x}]\n  metrics:"))).Problems);

    [Fact]
    public void ReadTemplates_MetricWithoutEnd_WarnsThatOnlyBackgroundAnalysisCanUseIt() =>
        Assert.Equal(
            ["a.yaml:8: spec.metrics[0]: warning: runs indefinitely, so only background analysis can use it; a step needs a count"],
            ReleaseReader.ReadTemplates(Manifest.Files(Manifest.Template.Replace("    count: 5\n", ""))).Problems.Select(p => p.ToString()));

    [Fact]
    public void Read_TwoRollouts_IsRefused()
    {
        string[] expected = ["b.yaml:1: is a second Rollout (first in a.yaml line 1); a release has one"];

        Assert.Equal(expected, Manifest.Problems(Manifest.Rollout, Manifest.Rollout, Manifest.Template));
        Assert.Equal(expected, ReleaseReader.Validate(Manifest.Files(Manifest.Rollout, Manifest.Rollout, Manifest.Template)).Select(p => p.ToString()));
    }

    [Fact]
    public void Read_SameTemplateTwice_IsRefused() =>
        Assert.Equal(
            ["c.yaml:1: is a second AnalysisTemplate error-rate (first in b.yaml line 1); give it once"],
            Manifest.Problems(Manifest.Rollout, Manifest.Template, Manifest.Template));

    [Fact]
    public void Read_TemplateThatNoStepUses_IsReadButNotReleased()
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout, Manifest.Template, Manifest.Template.Replace("name: error-rate", "name: other"));

        Assert.Empty(reading.Problems);
        Assert.Equal(["error-rate"], reading.Release!.Templates.Keys);
        Assert.Equal(["error-rate", "other"], reading.Templates.Keys.Order());
    }

    [Fact]
    public void Read_PausedAndDeadline_AreTaken()
    {
        Release release = Manifest.Read(
            Manifest.Rollout.Replace("  strategy:", "  paused: true\n  progressDeadlineSeconds: 30\n  strategy:"), Manifest.Template).Release!;

        Assert.Equal((true, TimeSpan.FromSeconds(30)), (release.Paused, release.ProgressDeadline));
        Release other = Manifest.Read(Manifest.Rollout, Manifest.Template).Release!;
        Assert.Equal((false, TimeSpan.FromMinutes(10)), (other.Paused, other.ProgressDeadline));
    }

    [Fact]
    public void Digest_SameContentWrittenOtherwise_IsTheSame()
    {
        string digest = Manifest.Read(Manifest.Rollout, Manifest.Template).Release!.Digest;

        Assert.Equal(digest, Manifest.Read("# a comment\n" + Manifest.Template.Replace("count: 5", "count: \"5\"") + "---\n" + Manifest.Rollout).Release!.Digest);
        Assert.Equal(
            digest,
            Manifest.Read(
                Manifest.Rollout.Replace("      canaryService: web-canary\n      stableService: web-stable\n", "      stableService: 'web-stable'\n      canaryService: \"web-canary\"\n")
                    .Replace("{duration: 5m}", "\n          duration: 300"),
                Manifest.Template,
                Manifest.Template.Replace("name: error-rate", "name: unused")).Release!.Digest);
    }

    [Fact]
    public void Digest_AnnotationsInAnotherOrder_IsTheSame()
    {
        string With(string annotations) => Manifest.Read(
            Manifest.Rollout.Replace("stableIngress: web\n", $"stableIngress: web\n          additionalIngressAnnotations: {{{annotations}}}\n"), Manifest.Template).Release!.Digest;

        Assert.Equal(With("a: one, b: two"), With("b: two, a: one"));
        Assert.NotEqual(With("a: one, b: two"), With("a: two, b: one"));
    }

    [Theory]
    [InlineData("setWeight: 5", "setWeight: 6")]
    [InlineData("duration: 5m", "duration: 6m")]
    [InlineData("  name: web\nspec", "  name: wob\nspec")]
    [InlineData("count: 5", "count: 6")]
    [InlineData("0.01", "0.02")]
    public void Digest_OtherContent_Differs(string find, string replace) =>
        Assert.NotEqual(
            Manifest.Read(Manifest.Rollout, Manifest.Template).Release!.Digest,
            Manifest.Read(Manifest.Rollout.Replace(find, replace), Manifest.Template.Replace(find, replace)).Release!.Digest);
}
