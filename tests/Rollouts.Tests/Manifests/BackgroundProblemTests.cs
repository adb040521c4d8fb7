using Rollouts.Analysis;
using Rollouts.Manifests;
using Rollouts.Policy;

namespace Rollouts.Tests.Manifests;

public sealed class BackgroundProblemTests
{
    private const string Steps = "      steps:\n";

    private const string Path = "spec.strategy.canary.analysis";

    private const string Background = "      analysis:\n        templates:\n        - templateName: error-rate\n";

    [Fact]
    public void Read_Background_IsPartOfTheRelease()
    {
        ReleaseReading reading = Manifest.Read(
            Manifest.Rollout.Replace(Steps, Background + "        startingStep: 2\n        dryRun: [{metricName: error}]\n" + Steps), Manifest.Template);

        Assert.Empty(reading.Problems);
        Assert.Equal(2, reading.Release!.Background!.StartingStep);
        Assert.Equal([new TemplateReference("error-rate", false)], reading.Release.Background.Analysis.Templates);
        Assert.Equal(["error"], reading.Release.Background.Analysis.DryRun);
    }

    [Fact]
    public void Read_MetricWithoutEnd_IsFineBesideTheSteps()
    {
        string rollout = Manifest.Rollout.Replace(Steps, Background.Replace("error-rate", "endless") + Steps);
        string endless = Manifest.Template.Replace("error-rate", "endless").Replace("    count: 5\n", "");

        Assert.Empty(Manifest.Problems(rollout, Manifest.Template, endless));
    }

    [Theory]
    [InlineData("        startingStep: 4\n", "a.yaml:16: " + Path + ".startingStep: is 4, but there are 3 steps, so the analysis would never begin; steps are counted from 0")]
    [InlineData("        startingStep: -1\n", "a.yaml:16: " + Path + ".startingStep: must be a whole number of 0 or more; found the number -1")]
    [InlineData("        startingSteps: 1\n", "a.yaml:16: " + Path + ".startingSteps: unknown field, did you mean startingStep?; supported are templates, args, dryRun, measurementRetention, startingStep")]
    public void Read_BackgroundWrong_SaysWhatIsAllowed(string addition, string expected) =>
        Assert.Equal([expected], Manifest.Problems(Manifest.Rollout.Replace(Steps, Background + addition + Steps), Manifest.Template));

    [Fact]
    public void Read_BakeWithAnalysis_BringsItsTemplate()
    {
        const string Policy = """
            apiVersion: rolloutfunctions/v1
            kind: RolloutPolicy
            spec:
              background: { startOn: startingStep }
              bake:
                for: 30m
                analysis:
                  templates: [{ templateName: endless }]

            """;
        ReleaseReading reading = Manifest.Read(
            Manifest.Rollout, Manifest.Template, Manifest.Template.Replace("error-rate", "endless").Replace("    count: 5\n", ""), Policy);

        Assert.Empty(reading.Problems);
        Assert.Equal(["endless", "error-rate"], reading.Release!.Templates.Keys);
        Assert.Equal(TimeSpan.FromMinutes(30), reading.Release.Policy.Bake!.For);
        Assert.Equal(BackgroundStart.StartingStep, reading.Release.Policy.Background.StartOn);
    }
}
