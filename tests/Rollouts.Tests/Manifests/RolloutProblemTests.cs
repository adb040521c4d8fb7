using Rollouts.Manifests.Fields;

namespace Rollouts.Tests.Manifests;

public sealed class RolloutProblemTests
{
    private const string OwnWorkloads =
        "warning: has no meaning without template or workloadRef: both versions are deployed by somebody else, and only traffic is shifted";

    private static readonly string SpecFields = "supported are " + Supported(RolloutFields.Spec);

    private static readonly string CanaryFields = "supported are " + Supported(RolloutFields.Canary);

    [Fact]
    public void Read_NothingWrong_NoProblem() => Assert.Empty(Manifest.Problems(Manifest.Rollout, Manifest.Template));

    [Theory]
    [InlineData("kind: Rollout", "kind: rollout", "a.yaml:2: kind: \"rollout\" is not read, did you mean Rollout?; known are Rollout, AnalysisTemplate, ClusterAnalysisTemplate, RolloutPolicy")]
    [InlineData("kind: Rollout", "kind: Deployment", "a.yaml:2: kind: \"Deployment\" is not read; known are Rollout, AnalysisTemplate, ClusterAnalysisTemplate, RolloutPolicy")]
    [InlineData("kind: Rollout", "kind: 5", "a.yaml:2: kind: \"5\" is not read; known are Rollout, AnalysisTemplate, ClusterAnalysisTemplate, RolloutPolicy")]
    [InlineData("kind: Rollout\n", "kind:\n", "a.yaml:1: kind: is required: one of Rollout, AnalysisTemplate, ClusterAnalysisTemplate, RolloutPolicy")]
    [InlineData("v1alpha1\nkind: Rollout", "v1\nkind: Rollout", "a.yaml:1: apiVersion: \"argoproj.io/v1\" is not read; a Rollout has argoproj.io/v1alpha1")]
    [InlineData("apiVersion: argoproj.io/v1alpha1\nkind: Rollout", "kind: Rollout", "a.yaml:1: apiVersion: is required: argoproj.io/v1alpha1 for a Rollout")]
    public void Read_KindOrVersionWrong_SaysWhatIsKnown(string find, string replace, string expected) =>
        Assert.Equal([expected], Manifest.ProblemsAfter(find, replace));

    [Theory]
    [InlineData("  name: web\nspec", "  name: Web_1\nspec", "a.yaml:4: metadata.name: \"Web_1\" is no name that Kubernetes takes; it must be a DNS-1123 subdomain: lower-case letters, digits, - and ., at most 253 characters, beginning and ending with a letter or digit")]
    [InlineData("  name: web\nspec", "  name: 5\nspec", "a.yaml:4: metadata.name: must be a text; 5 is read as a number, so put it in quotes: \"5\"")]
    [InlineData("  name: web\nspec", "  labels: {}\nspec", "a.yaml:3: metadata.name: is required: the release is known by it")]
    [InlineData("  name: web\nspec", "  name: web\n  namespace: a.b\nspec", "a.yaml:5: metadata.namespace: \"a.b\" is no name that Kubernetes takes; it must be a DNS-1123 label: lower-case letters, digits and -, at most 63 characters, beginning and ending with a letter or digit")]
    [InlineData("  name: web\nspec", "  name: web\n  generateName: web-\nspec", "a.yaml:5: metadata.generateName: not supported: a release is known by its name; write a name; supported are name, namespace")]
    [InlineData("metadata:\n  name: web\nspec", "spec", "a.yaml:1: metadata: is required: holds the name")]
    [InlineData("  name: web\nspec", "  name: web\n  annotations: {a: 1}\n  labels:\n  uid: x\n  creationTimestamp: null\nstatus: {anything: [1]}\nspec")]
    public void Read_MetadataEdited_SaysWhatIsAllowed(string find, string replace, params string[] expected) =>
        Assert.Equal(expected, Manifest.ProblemsAfter(find, replace));

    [Theory]
    [InlineData("replicas: 3", OwnWorkloads)]
    [InlineData("selector: {matchLabels: {a: b}}", OwnWorkloads)]
    [InlineData("minReadySeconds: x", OwnWorkloads)]
    [InlineData("revisionHistoryLimit: 3", OwnWorkloads)]
    [InlineData("progressDeadlineAbort: true", OwnWorkloads)]
    [InlineData("rollbackWindow: {revisions: 3}", OwnWorkloads)]
    [InlineData("restartAt: 2026-01-01T00:00:00Z", "warning: has no meaning here: the command restart does it")]
    [InlineData("analysis: {successfulRunHistoryLimit: 2}", "warning: has no meaning here: the history of analysis runs is kept in the journal")]
    public void Read_SpecFieldWithoutMeaning_Warns(string field, string expected) =>
        Assert.Equal([$"a.yaml:6: spec.{field.Split(':')[0]}: {expected}"], Manifest.ProblemsAfter("  strategy:", $"  {field}\n  strategy:"));

    [Theory]
    [InlineData("maxSurge: 1")]
    [InlineData("maxUnavailable: 0")]
    [InlineData("canaryMetadata: {}")]
    [InlineData("stableMetadata: {}")]
    [InlineData("dynamicStableScale: false")]
    [InlineData("minPodsPerReplicaSet: 1")]
    [InlineData("replicaProgressThreshold: {}")]
    [InlineData("scaleDownDelaySeconds: 30")]
    [InlineData("abortScaleDownDelaySeconds: 30")]
    public void Read_CanaryFieldOfWorkloadsWithoutOne_Warns(string field) =>
        Assert.Equal(
            [$"a.yaml:8: spec.strategy.canary.{field.Split(':')[0]}: {OwnWorkloads}"],
            Manifest.ProblemsAfter("      canaryService", $"      {field}\n      canaryService"));

    [Theory]
    [InlineData("paused: maybe", "paused", "must be true or false; found the text \"maybe\"")]
    [InlineData("paused: \"true\"", "paused", "must be true or false; found the text \"true\"")]
    [InlineData("progressDeadlineSeconds: 0", "progressDeadlineSeconds", "must be a whole number of 1 or more; found the number 0")]
    [InlineData("progressDeadlineSeconds: \"10\"", "progressDeadlineSeconds", "must be a whole number of 1 or more; found the text \"10\" (remove the quotes)")]
    [InlineData("stratgey: {}", "stratgey", "unknown field, did you mean strategy?; $")]
    [InlineData("qqq: {}", "qqq", "unknown field; $")]
    public void Read_SpecFieldWrong_IsRefused(string field, string name, string expected) =>
        Assert.Equal([$"a.yaml:6: spec.{name}: {expected.Replace("$", SpecFields, StringComparison.Ordinal)}"], Manifest.ProblemsAfter("  strategy:", $"  {field}\n  strategy:"));

    [Theory]
    [InlineData("antiAffinity: {}", "write the anti-affinity into the pod template")]
    [InlineData("pingPong: {}", "the two services keep their roles; name them as canaryService and stableService")]
    public void Read_CanaryFieldNotSupported_IsRefusedByName(string field, string why) =>
        Assert.Equal(
            [$"a.yaml:8: spec.strategy.canary.{field.Split(':')[0]}: not supported: {why}; {CanaryFields}"],
            Manifest.ProblemsAfter("      canaryService", $"      {field}\n      canaryService"));

    [Theory]
    [InlineData("    canary:\n", "    blueGreen: {}\n    canary:\n", "a.yaml:7: spec.strategy.blueGreen: not supported: only canaries are run; a canary with the steps setWeight: 0, analysis, setWeight: 100 comes near to it; supported are canary")]
    [InlineData("  strategy:\n", "  strategy: {}\n  x:\n", "a.yaml:6: spec.strategy.canary: is required: only canaries are run", "a.yaml:7: spec.x: unknown field; $spec")]
    [InlineData("    canary:\n", "    canary: [\n    ]\n    x:\n", "a.yaml:7: spec.strategy.canary: must be an object with $canary; found a list", "a.yaml:9: spec.strategy.x: unknown field; supported are canary")]
    public void Read_StrategyWrong_SaysWhatIsRun(string find, string replace, params string[] expected) =>
        Assert.Equal(
            expected.Select(e => e
                .Replace("$spec", SpecFields, StringComparison.Ordinal)
                .Replace("$canary", Supported(RolloutFields.Canary), StringComparison.Ordinal)),
            Manifest.ProblemsAfter(find, replace));

    [Fact]
    public void Read_SeveralThingsWrong_ReportsAllInTheOrderOfLines() =>
        Assert.Equal(
            [
                "a.yaml:7: spec.strategy.canary.canaryService: is required: the Service of the version that is tried",
                $"a.yaml:8: spec.strategy.canary.canaryservice: unknown field, did you mean canaryService?; {CanaryFields}",
                $"a.yaml:9: spec.strategy.canary.antiAffinity: not supported: write the anti-affinity into the pod template; {CanaryFields}",
                "a.yaml:15: spec.strategy.canary.steps[0].setWeight: must be a whole number from 0 to 100; found the number 500",
                "b.yaml:8: spec.metrics[0]: invalid interval string: 'soon' is no duration; write for instance 30s, 5m or 1h30m",
            ],
            Manifest.Problems(
                Manifest.Rollout.Replace("canaryService: web-canary", "canaryservice: web-canary\n      antiAffinity: {}").Replace("setWeight: 5", "setWeight: 500"),
                Manifest.Template.Replace("interval: 30s", "interval: soon")));

    private static string Supported(FieldSet fields) => string.Join(", ", fields.SupportedNames);
}
