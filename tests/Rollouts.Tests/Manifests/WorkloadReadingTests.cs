using System.Text.Json;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Workloads;

namespace Rollouts.Tests.Manifests;

public sealed class WorkloadReadingTests
{
    private const string Template = """
        template:
            metadata:
              labels: {app: web, tier: front}
              creationTimestamp: null
            spec:
              terminationGracePeriodSeconds: 30
              containers:
              - name: web
                image: registry.example/web:2
                args: ["--port=8080", yes, 0x10, 1.5]
                resources: {limits: {cpu: 500m}}

        """;

    private const string Workload = "selector: {matchLabels: {app: web}}\n  " + Template;

    [Fact]
    public void Read_Template_IsCanonicalJson()
    {
        WorkloadSpec workload = ReadWorkload(Workload);

        Assert.Equal(
            """
            {"metadata":{"labels":{"app":"web","tier":"front"}},"spec":{"containers":[{"args":["--port=8080",true,16,1.5],"image":"registry.example/web:2","name":"web","resources":{"limits":{"cpu":"500m"}}}],"terminationGracePeriodSeconds":30}}
            """.Trim(),
            workload.Template);
        Assert.Equal(new Dictionary<string, string> { ["app"] = "web" }, workload.Selector!);
        Assert.Null(workload.Revision);
        Assert.Null(workload.Replicas);
    }

    [Fact]
    public void Read_TemplateWrittenOtherwise_GivesTheSameDigest()
    {
        Release one = Read(Workload);
        Release other = Read(Workload.Replace("{app: web, tier: front}", "{tier: \"front\", app: \"web\"}").Replace("0x10", "16"));

        Assert.Equal(one.Digest, other.Digest);
        Assert.NotEqual(one.Digest, Read(Workload.Replace("web:2", "web:3")).Digest);
    }

    [Fact]
    public void Read_NoTemplate_HasNoWorkload()
    {
        Release release = Manifest.Read(Manifest.Rollout, Manifest.Template).Release!;

        Assert.Null(release.Workload);
        Assert.Null(release.Scaling);
    }

    [Fact]
    public void Read_EveryField_IsInTheRelease()
    {
        Release release = Read(
            "replicas: 4\n  minReadySeconds: 5\n  revisionHistoryLimit: 3\n  progressDeadlineSeconds: 60\n  progressDeadlineAbort: true\n"
            + "  rollbackWindow: {revisions: 2}\n  " + Workload,
            """
                  maxSurge: 1
                  maxUnavailable: 20%
                  canaryMetadata: {labels: {role: canary}, annotations: {note: "a: b"}}
                  stableMetadata: {labels: {role: stable}}
                  minPodsPerReplicaSet: 2
                  replicaProgressThreshold: {type: Percent, value: 90}
                  scaleDownDelaySeconds: 45
                  abortScaleDownDelaySeconds: 0

            """);

        Assert.Equal(
            """{"replicas":4,"minReadySeconds":5,"revisionHistoryLimit":3,"maxSurge":"1","maxUnavailable":"20%","canaryMetadata":{"labels":{"role":"canary"},"annotations":{"note":"a: b"}},"stableMetadata":{"labels":{"role":"stable"},"annotations":{}}}""",
            JsonSerializer.Serialize(release with { Workload = release.Workload! with { Template = null, Selector = null } }, RolloutJson.Default.Release)
                .Split("\"workload\":")[1].Split(",\"scaling\"")[0]);
        Assert.Equal(
            new ScalingRules
            {
                MinPodsPerReplicaSet = 2,
                ScaleDownDelay = TimeSpan.FromSeconds(45),
                AbortScaleDownDelay = TimeSpan.Zero,
                RollbackWindow = 2,
                ProgressThreshold = new ReplicaThreshold(ReplicaThresholdKind.Percent, 90),
                AbortOnProgressDeadline = true,
            },
            release.Scaling);
    }

    [Fact]
    public void Read_Reference_LeavesTheTemplateToTheCluster()
    {
        WorkloadSpec workload = ReadWorkload("workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web-source, scaleDown: onsuccess}");

        Assert.Equal(new WorkloadReference("web-source", ReferenceScaleDown.OnSuccess), workload.Reference);
        Assert.Null(workload.Template);
        Assert.Null(workload.Selector);
    }

    [Theory]
    [InlineData("template: {}", "5: spec.selector: is required: Rollout has missing field '.spec.selector'; give matchLabels that the template carries")]
    [InlineData("selector: {matchExpressions: []}", "selector.matchExpressions: not supported: a Service selects by labels only; write them as matchLabels; supported are matchLabels")]
    [InlineData("selector: {matchLabels: {}}", "selector.matchLabels: empty selector is invalid for deployment; give at least one label")]
    [InlineData("selector: {matchLabels: {app: other}}", "template.metadata.labels: `selector` does not match template `labels`; add app: other")]
    [InlineData("selector: {matchLabels: {app: \"a b\"}}", "selector.matchLabels.app: \"a b\" is no label value that Kubernetes takes; it must be at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit")]
    [InlineData("selector: {matchLabels: {-app: web}}", "selector.matchLabels.-app: is no key that Kubernetes takes; it must be NAME or PREFIX/NAME of letters, digits, -, _ and .")]
    [InlineData("replicas: -1", "replicas: must be a whole number from 0 to 100000; found the number -1")]
    [InlineData("workloadRef: {name: x}", "workloadRef: template must be empty for workload reference rollout; give one of them")]
    [InlineData("rollbackWindow: {}", "rollbackWindow.revisions: is required: how many revisions back a release may go without steps")]
    [InlineData("progressDeadlineSeconds: 5\n  minReadySeconds: 5", "progressDeadlineSeconds: must be greater than minReadySeconds, which is 5")]
    public void Read_SpecWrong_SaysWhatIsAllowed(string field, string expected)
    {
        string workload = field.StartsWith("selector", StringComparison.Ordinal) ? $"{field}\n  {Template}"
            : field.StartsWith("template", StringComparison.Ordinal) ? field
            : $"{field}\n  {Workload}";

        Assert.Contains(Problems(workload), p => p.EndsWith(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("image: registry.example/web:2", "command: [x]", "spec.template.spec.containers: has a container without a name or an image; give both, each a text")]
    [InlineData("containers:", "initContainers:", "spec.template.spec.containers: is required: at least one container with a name and an image")]
    public void Read_ContainersWrong_SaysWhatIsAllowed(string find, string replace, string expected) =>
        Assert.EndsWith(expected, Assert.Single(Problems(Workload.Replace(find, replace))), StringComparison.Ordinal);

    [Theory]
    [InlineData("{kind: StatefulSet, name: x}", "workloadRef.kind: must be Deployment; found \"StatefulSet\"")]
    [InlineData("{apiVersion: v1, name: x}", "workloadRef.apiVersion: must be apps/v1; found \"v1\"")]
    [InlineData("{}", "workloadRef.name: is required: the Deployment that holds the pod template")]
    [InlineData("{name: web}", "workloadRef.name: names the Deployment web, which the stable version runs in; write the pod template into the Rollout as template, or name another Deployment")]
    [InlineData("{name: x, scaleDown: soon}", "workloadRef.scaleDown: must be never, onsuccess or progressively; found the text \"soon\"")]
    public void Read_ReferenceWrong_SaysWhatIsAllowed(string reference, string expected) =>
        Assert.EndsWith("spec." + expected, Assert.Single(Problems("workloadRef: " + reference)), StringComparison.Ordinal);

    [Theory]
    [InlineData("maxSurge: lots", "maxSurge: must be a whole number of 0 or more, or a percentage such as 25%; found the text \"lots\"")]
    [InlineData("maxSurge: \"5\"", "maxSurge: must be a whole number of 0 or more, or a percentage such as 25%; found the text \"5\"")]
    [InlineData("maxUnavailable: 0%\n      maxSurge: 0", "maxUnavailable: MaxSurge and MaxUnavailable both can not be zero")]
    [InlineData("dynamicStableScale: true\n      scaleDownDelaySeconds: 1", "dynamicStableScale: Canary dynamicStableScale cannot be used with scaleDownDelaySeconds; remove one of them")]
    [InlineData("minPodsPerReplicaSet: 0", "minPodsPerReplicaSet: must be a whole number of 1 or more; found the number 0")]
    [InlineData("replicaProgressThreshold: {type: Percent, value: 101}", "replicaProgressThreshold.value: must be a whole number from 1 to 100; found the number 101")]
    [InlineData("canaryMetadata: {labels: {app: canary}}", "canaryMetadata.labels: has app, which the selector names; pods would leave their Deployment")]
    [InlineData("stableMetadata: {annotations: {a: 1}}", "stableMetadata.annotations.a: must be a text; 1 is read as a number, so put it in quotes: \"1\"")]
    public void Read_CanaryWrong_SaysWhatIsAllowed(string field, string expected) =>
        Assert.EndsWith("canary." + expected, Assert.Single(Problems(Workload, $"      {field}\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData(10, ReplicaThresholdKind.Percent, 85, 9)]
    [InlineData(3, ReplicaThresholdKind.Percent, 100, 3)]
    [InlineData(3, ReplicaThresholdKind.Pods, 5, 3)]
    [InlineData(3, ReplicaThresholdKind.Pods, 2, 2)]
    public void Of_Threshold_IsRoundedUpAndNeverMoreThanWanted(int wanted, ReplicaThresholdKind kind, int value, int expected) =>
        Assert.Equal(expected, new ReplicaThreshold(kind, value).Of(wanted));

    [Fact]
    public void Of_ContentsChange_ChangesTheRevision()
    {
        Dictionary<string, string> contents = new() { ["ConfigMap/b"] = "1", ["ConfigMap/a"] = "2" };
        string revision = PodTemplateHash.Of("{}", contents);

        Assert.Equal(PodTemplateHash.Length, revision.Length);
        Assert.Equal(revision, PodTemplateHash.Of("{}", new Dictionary<string, string> { ["ConfigMap/a"] = "2", ["ConfigMap/b"] = "1" }));
        Assert.NotEqual(revision, PodTemplateHash.Of("{}", new Dictionary<string, string> { ["ConfigMap/a"] = "2", ["ConfigMap/b"] = "3" }));
        Assert.NotEqual(revision, PodTemplateHash.Of("{}", new Dictionary<string, string>()));
    }

    private static WorkloadSpec ReadWorkload(string workload) => Read(workload).Workload!;

    private static Release Read(string workload, string canary = "")
    {
        ReleaseReading reading = Manifest.Read(Rollout(workload, canary), Manifest.Template);
        Assert.Empty(reading.Problems);
        return reading.Release!;
    }

    private static string[] Problems(string workload, string canary = "") => Manifest.Problems(Rollout(workload, canary), Manifest.Template);

    private static string Rollout(string workload, string canary) => Manifest.Rollout
        .Replace("  strategy:", $"  {workload.TrimEnd()}\n  strategy:", StringComparison.Ordinal)
        .Replace("      canaryService", canary + "      canaryService", StringComparison.Ordinal);
}
