using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Workloads;

namespace Rollouts.Tests.Manifests;

/// <summary>The steps that are about pods, and the policy's words about workloads.</summary>
public sealed class PodStepTests
{
    private const string Deploying = """
          selector: {matchLabels: {app: web}}
          template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web:2}]}}
          strategy:
        """;

    private const string External = """

        ---
        apiVersion: rolloutfunctions/v1
        kind: RolloutPolicy
        spec: {workloads: external}
        """;

    [Theory]
    [InlineData("{replicas: 3}", 3, null)]
    [InlineData("{replicas: 0}", 0, null)]
    [InlineData("{weight: 25}", null, 25)]
    [InlineData("{matchTrafficWeight: true}", null, null)]
    [InlineData("{matchTrafficWeight: false}", null, null)]
    public void Read_SetCanaryScale_IsInTheRelease(string scale, int? replicas, int? weight) =>
        Assert.Equal(new SetCanaryScaleStep(replicas, weight), Read($"setCanaryScale: {scale}").Steps[0]);

    [Theory]
    [InlineData("setCanaryScale: {}", "setCanaryScale: is empty; give exactly one of replicas, weight, matchTrafficWeight")]
    [InlineData("setCanaryScale: {replicas: 1, weight: 1}", "setCanaryScale: has replicas and weight; give exactly one of replicas, weight, matchTrafficWeight")]
    [InlineData("setCanaryScale: {weight: 101}", "setCanaryScale.weight: must be a whole number from 0 to 100; found the number 101")]
    [InlineData("setCanaryScale: {replicas: -1}", "setCanaryScale.replicas: must be a whole number from 0 to 100000; found the number -1")]
    [InlineData("experiment: {duration: 5m}", "experiment.templates: is required: at least one side, as {name: NAME, specRef: canary}")]
    [InlineData("experiment: {templates: [{name: a, specRef: canary}]}", "experiment: never ends; give a duration, or an analysis with requiredForCompletion: true")]
    [InlineData("experiment: {duration: 5m, templates: [{name: a, specRef: other}]}", "experiment.templates[0].specRef: must be canary or stable; found the text \"other\"")]
    [InlineData("experiment: {duration: 5m, templates: [{name: a, specRef: canary}, {name: a, specRef: stable}]}", "experiment.templates: names \"a\" a second time; give each a name of its own")]
    [InlineData("experiment: {duration: 5m, templates: [{name: a, specRef: canary, weight: 5}]}", "experiment.templates[0].weight: not supported: the pods of an experiment get no users' requests; use setWeight; supported are name, specRef, replicas, metadata")]
    [InlineData("experiment: {duration: 5m, templates: [{name: a, specRef: canary, metadata: {labels: {app: x}}}]}", "experiment.templates[0].metadata.labels: has app, which the selector names; pods would leave their Deployment")]
    [InlineData("experiment: {duration: 5m, templates: [{name: a, specRef: canary}], analyses: [{name: x, templateName: missing}]}", "experiment.analyses[0].templateName: there is no AnalysisTemplate missing in the release; given are error-rate")]
    [InlineData("experiment: {duration: 5m, templates: [{name: a, specRef: canary}], analyses: [{name: x, templateName: error-rate, args: [{name: h, value: \"{{templates.a.podTemplateHash}}\"}]}]}", "experiment.analyses[0].args[0]: holds a placeholder of an experiment, which is not filled in; use valueFrom.podTemplateHashValue: Latest or Stable")]
    [InlineData("plugin: {name: x}", "plugin: not supported: there are no step plugins; supported are setWeight, pause, analysis, setHeaderRoute, setMirrorRoute, setCanaryScale, experiment")]
    public void Read_Wrong_SaysWhatIsAllowed(string step, string expected) =>
        Assert.EndsWith("steps[0]." + expected, Assert.Single(Problems(step)), StringComparison.Ordinal);

    [Theory]
    [InlineData("setCanaryScale: {replicas: 1}")]
    [InlineData("experiment: {duration: 5m, templates: [{name: a, specRef: canary}]}")]
    public void Read_WithoutWorkload_IsRefused(string step) => Assert.EndsWith(
        $"steps[0].{step.Split(':')[0]}: needs template or workloadRef: without them both versions are deployed by somebody else, and their pods are not touched",
        Assert.Single(Manifest.ProblemsAfter("      - setWeight: 5\n", $"      - {step}\n")),
        StringComparison.Ordinal);

    [Fact]
    public void Read_Experiment_IsInTheReleaseWithItsTemplates()
    {
        Release release = Read("""
            experiment:
                        duration: 10m
                        templates:
                        - {name: baseline, specRef: stable, replicas: 2}
                        - {name: canary, specRef: canary, replicas: 2, metadata: {labels: {side: canary}}}
                        analyses:
                        - {name: canary, templateName: error-rate, requiredForCompletion: true}
            """);
        ExperimentStep step = Assert.IsType<ExperimentStep>(release.Steps[0]);

        Assert.Equal(TimeSpan.FromMinutes(10), step.Duration);
        Assert.Equal([("baseline", WorkloadRole.Stable, 2), ("canary", WorkloadRole.Canary, 2)], step.Templates.Select(t => (t.Name, t.From, t.Replicas)));
        Assert.Equal("canary", step.Templates[1].Metadata!.Labels["side"]);
        Assert.True(Assert.Single(step.Analyses).Required);
        Assert.Contains("error-rate", release.Templates.Keys);
        Assert.Equal("experiment: baseline, canary for 10m", step.Title);
    }

    [Fact]
    public void Read_EndlessMetric_IsTakenWhereTheExperimentEndsIt()
    {
        const string Step = "experiment: {duration: 5m, templates: [{name: a, specRef: canary}], analyses: [{name: x, templateName: error-rate, requiredForCompletion: $}]}";
        string endless = Manifest.Template.Replace("count: 5\n        ", "", StringComparison.Ordinal).Replace("    count: 5\n", "", StringComparison.Ordinal);
        string rollout = Rollout("$").Replace("          templates:\n          - templateName: error-rate\n", "          templates:\n          - templateName: other\n", StringComparison.Ordinal);
        string other = Manifest.Template.Replace("name: error-rate\nspec", "name: other\nspec", StringComparison.Ordinal);
        string[] Of(string required) => Manifest.Problems(rollout.Replace("- $", "- " + Step.Replace("$", required, StringComparison.Ordinal), StringComparison.Ordinal), endless, other);

        Assert.DoesNotContain(Of("false"), p => p.Contains("runs indefinitely", StringComparison.Ordinal));
        Assert.Contains(Of("true"), p => p.Contains("runs indefinitely", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_WorkloadsExternal_LeavesTheTemplateAlone()
    {
        Release release = Manifest.Read(Rollout("setWeight: 5"), Manifest.Template + External).Release!;

        Assert.Null(release.Workload);
        Assert.Null(release.Scaling);
        Assert.Contains(
            Manifest.Problems(Rollout("setCanaryScale: {replicas: 1}"), Manifest.Template + External),
            p => p.EndsWith("is about pods of the rollout's own, but the RolloutPolicy says workloads: external; remove the step, or say managed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("skip", FirstDeploymentPolicy.Skip)]
    [InlineData("analyse", FirstDeploymentPolicy.Analyse)]
    public void Read_FirstDeployment_IsInThePolicy(string word, FirstDeploymentPolicy expected) => Assert.Equal(
        expected,
        Manifest.Read(Rollout("setWeight: 5"), Manifest.Template + External.Replace("workloads: external", $"firstDeployment: {word}")).Release!.Policy.FirstDeployment);

    private static Release Read(string step)
    {
        ReleaseReading reading = Manifest.Read(Rollout(step), Manifest.Template);
        Assert.DoesNotContain(reading.Problems, p => p.Severity == ProblemSeverity.Error);
        return reading.Release!;
    }

    private static string[] Problems(string step) =>
        [.. Manifest.Read(Rollout(step), Manifest.Template).Problems.Where(p => p.Severity == ProblemSeverity.Error).Select(p => p.ToString())];

    private static string Rollout(string step) => Manifest.Rollout
        .Replace("  strategy:\n", Deploying + "\n", StringComparison.Ordinal)
        .Replace("      - setWeight: 5\n", $"      - {step}\n", StringComparison.Ordinal);
}
