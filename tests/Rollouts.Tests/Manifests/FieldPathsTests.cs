using Rollouts.Manifests;

namespace Rollouts.Tests.Manifests;

/// <summary>
/// Values of <c>fieldRef</c>. Source: Argo Rollouts' <c>TestExtractValueFromRollout</c> (<c>utils/analysis/helpers_test.go</c>) and the downward API's
/// <c>ExtractFieldPathAsString</c> for <c>metadata</c>.
/// </summary>
public sealed class FieldPathsTests
{
    private static readonly string Rollout = Manifest.Rollout
        .Replace("  name: web\n", "  name: web\n  namespace: shop\n  labels: {app: web, team.io/x: core}\n  annotations: {note: \"a\\\"b\"}\n")
        .Replace("  strategy:", "  replicas: 3\n  paused: false\n  strategy:");

    [Theory]
    [InlineData("metadata.name", "web")]
    [InlineData("metadata.namespace", "shop")]
    [InlineData("metadata.labels['app']", "web")]
    [InlineData("metadata.labels['team.io/x']", "core")]
    [InlineData("metadata.annotations['note']", "a\"b")]
    [InlineData("spec.replicas", "3")]
    [InlineData("spec.paused", "false")]
    [InlineData("spec.strategy.canary.steps[0].setWeight", "5")]
    [InlineData("spec.strategy.canary.steps[1].pause.duration", "5m")]
    public void Read_PathOfAField_GivesItsValue(string path, string expected)
    {
        ReleaseReading reading = Read(path);

        Assert.DoesNotContain(reading.Problems, p => p.Severity == ProblemSeverity.Error);
        Assert.Equal(expected, reading.Release!.Fields[path]);
    }

    [Theory]
    [InlineData("metadata.labels['none']", "invalid path metadata.labels['none'] in rollout")]
    [InlineData("metadata.labels.app", "unsupported fieldPath: metadata.labels.app; metadata has name, namespace, labels['KEY'], annotations['KEY'], labels and annotations")]
    [InlineData("spec.strategy.canary.steps[blah].setWeight", "invalid index 'blah'")]
    [InlineData("spec.strategy.canary.steps[12].setWeight", "index 12 out of range")]
    [InlineData("spec.strategy.canary.steps[-1].setWeight", "index -1 out of range")]
    [InlineData("some.invalid[2].non.existing.path", "invalid path some.invalid[2].non.existing.path in rollout")]
    [InlineData("spec.strategy.canary", "path spec.strategy.canary in rollout must terminate in a primitive value")]
    [InlineData("spec.replicas.more", "invalid path spec.replicas.more in rollout")]
    public void Read_PathOfNothing_SaysSoAtTheArgument(string path, string expected) =>
        Assert.Equal(
            [$"a.yaml:25: spec.strategy.canary.steps[2].analysis.args[0]: {expected}"],
            Read(path).Problems.Where(p => p.Severity == ProblemSeverity.Error).Select(p => p.ToString()));

    private static ReleaseReading Read(string path) => Manifest.Read(
        Rollout + $"          args:\n          - {{name: x, valueFrom: {{fieldRef: {{fieldPath: \"{path}\"}}}}}}\n",
        Manifest.Template.Replace("  metrics:", "  args: [{name: x}]\n  metrics:"));
}
