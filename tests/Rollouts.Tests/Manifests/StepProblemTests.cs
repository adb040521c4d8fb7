using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Manifests;

public sealed class StepProblemTests
{
    private const string Supported = "supported are setWeight, pause, analysis, setHeaderRoute, setMirrorRoute, setCanaryScale, experiment";

    private const string First = "      - setWeight: 5\n";

    [Theory]
    [InlineData("setWeight: 101", "setWeight", "must be a whole number from 0 to 100; found the number 101")]
    [InlineData("setWeight: -1", "setWeight", "must be a whole number from 0 to 100; found the number -1")]
    [InlineData("setWeight: \"5\"", "setWeight", "must be a whole number from 0 to 100; found the text \"5\" (remove the quotes)")]
    [InlineData("setWeight: 5%", "setWeight", "must be a whole number from 0 to 100; found the text \"5%\"")]
    [InlineData("setWeight: 5.5", "setWeight", "must be a whole number from 0 to 100; found the number 5.5")]
    [InlineData("setWeight: yes", "setWeight", "must be a whole number from 0 to 100; found the boolean yes")]
    [InlineData("setWeight: [5]", "setWeight", "must be a whole number from 0 to 100; found a list")]
    [InlineData("setWeight: 99999999999999999999", "setWeight", "must be a whole number from 0 to 100; found the number 99999999999999999999")]
    [InlineData("setWeight:", "setWeight", "is empty; give it a value")]
    [InlineData("setWeigth: 5", "setWeigth", $"unknown field, did you mean setWeight?; {Supported}")]
    [InlineData("setCanaryScale: {weight: 5}", "setCanaryScale", "needs template or workloadRef: without them both versions are deployed by somebody else, and their pods are not touched")]
    [InlineData("experiment: {}", "experiment", "needs template or workloadRef: without them both versions are deployed by somebody else, and their pods are not touched")]
    [InlineData("plugin: {name: x}", "plugin", $"not supported: there are no step plugins; {Supported}")]
    [InlineData("replicaProgressThreshold: {}", "replicaProgressThreshold", $"not supported: it is no step in Argo's code; write it as spec.strategy.canary.replicaProgressThreshold; {Supported}")]
    [InlineData("pause:", "pause", "is empty; write {} to wait for a person, or {duration: 5m}")]
    [InlineData("pause: 5m", "pause", "must be an object with duration; found the text \"5m\"")]
    [InlineData("pause: {duration: 5x}", "pause.duration", "must be whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m; found the text \"5x\"")]
    [InlineData("pause: {duration: 1.5}", "pause.duration", "must be whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m; found the number 1.5")]
    [InlineData("pause: {duration: true}", "pause.duration", "must be whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m; found the boolean true")]
    [InlineData("pause: {duration: 99999999999}", "pause.duration", "must be whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m; found the number 99999999999")]
    [InlineData("pause: {duration: 1000000h}", "pause.duration", "must be whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m; found the text \"1000000h\"")]
    [InlineData("pause: {duration: -5}", "pause.duration", "Duration needs to be greater than 0; found the number -5")]
    [InlineData("pause: {duration: \"-5m\"}", "pause.duration", "Duration needs to be greater than 0; found the text \"-5m\"")]
    [InlineData("pause: {durations: 5}", "pause.durations", "unknown field, did you mean duration?; supported are duration")]
    public void Read_StepFieldWrong_SaysWhatIsAllowed(string step, string path, string expected) =>
        Assert.Equal([$"a.yaml:14: spec.strategy.canary.steps[0].{path}: {expected}"], Manifest.ProblemsAfter(First, $"      - {step}\n"));

    [Theory]
    [InlineData("{}", "has no action; it must have one of setWeight, pause, analysis, setHeaderRoute, setMirrorRoute, setCanaryScale, experiment")]
    [InlineData("setWeight", "must be an object with setWeight, pause, analysis, setHeaderRoute, setMirrorRoute, setCanaryScale, experiment; found the text \"setWeight\"")]
    [InlineData("", "must be an object with setWeight, pause, analysis, setHeaderRoute, setMirrorRoute, setCanaryScale, experiment; found nothing (null)")]
    [InlineData("{setWeight: 5, pause: {}}", "has setWeight and pause; a step has one action, so make it 2 steps")]
    public void Read_StepWithoutOneAction_IsRefused(string step, string expected) =>
        Assert.Equal([$"a.yaml:14: spec.strategy.canary.steps[0]: {expected}"], Manifest.ProblemsAfter(First, $"      - {step}\n"));

    [Theory]
    [InlineData("{}", "pause: until a person decides")]
    [InlineData("{duration: }", "pause: until a person decides")]
    [InlineData("{duration: 10}", "pause: 10s")]
    [InlineData("{duration: \"10\"}", "pause: 10s")]
    [InlineData("{duration: '+10'}", "pause: 10s")]
    [InlineData("{duration: 0}", "pause: 0s")]
    [InlineData("{duration: 0x10}", "pause: 16s")]
    [InlineData("{duration: 010}", "pause: 8s")]
    [InlineData("{duration: 10.0}", "pause: 10s")]
    [InlineData("{duration: 5m}", "pause: 5m")]
    [InlineData("{duration: \"1h30m\"}", "pause: 1h30m")]
    [InlineData("{duration: 1.5h}", "pause: 1h30m")]
    [InlineData("{duration: 300ms}", "pause: 0.3s")]
    public void Read_Pause_TakesEveryFormThatArgoTakes(string pause, string title) =>
        Assert.Equal(
            title,
            Manifest.Read(Manifest.Rollout.Replace(First, $"      - pause: {pause}\n"), Manifest.Template).Release!.Steps[0].Title);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("100", 100)]
    [InlineData("0b101", 5)]
    [InlineData("1_0", 10)]
    [InlineData("5.0", 5)]
    public void Read_SetWeight_TakesNumbersAsKubernetesReadsThem(string weight, int expected) =>
        Assert.Equal(
            new SetWeightStep(expected),
            Manifest.Read(Manifest.Rollout.Replace("setWeight: 5", $"setWeight: {weight}"), Manifest.Template).Release!.Steps[0]);

    [Fact]
    public void Read_TooManySteps_IsRefused()
    {
        string steps = string.Concat(Enumerable.Repeat(First, 199));

        Assert.Equal(["a.yaml:13: spec.strategy.canary.steps: has 201 items; at most 200 are allowed"], Manifest.ProblemsAfter(First, steps));
        Assert.Empty(Manifest.ProblemsAfter(First, steps[First.Length..]));
    }

    [Fact]
    public void Read_NoSteps_GoesStraightToFullWeight()
    {
        string text = Manifest.Rollout[..Manifest.Rollout.IndexOf("      steps:", StringComparison.Ordinal)];

        Assert.Empty(Manifest.Read(text).Problems);
        Assert.Empty(Manifest.Read(text).Release!.Steps);
    }

    [Fact]
    public void Read_HeaderRouteSteps_GivesMatches()
    {
        string text = Manifest.Rollout.Replace(First, """
                  - setHeaderRoute: {name: internal, match: [{headerName: X-Canary, headerValue: {exact: "yes"}}]}
                  - setHeaderRoute: {name: internal, match: [{headerName: X-Canary, headerValue: {prefix: dev-}}]}
                  - setHeaderRoute: {name: internal}
                  - setHeaderRoute: {name: other, match: [{headerName: X-Canary, headerValue: {regex: "(dev|qa)-[0-9]+"}}]}
                  - setHeaderRoute: {name: other, match: []}

            """);

        Assert.Equal(
            [
                new HeaderMatch("X-Canary", HeaderMatchKind.Exact, "yes"),
                new HeaderMatch("X-Canary", HeaderMatchKind.Prefix, "dev-"),
                new HeaderMatch("X-Canary", HeaderMatchKind.Regex, "(dev|qa)-[0-9]+"),
            ],
            Manifest.Read(text, Manifest.Template).Release!.Steps.OfType<SetHeaderRouteStep>().SelectMany(s => s.Match));
    }
}
