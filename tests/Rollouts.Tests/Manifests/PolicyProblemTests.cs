using Rollouts.Manifests;
using Rollouts.Policy;

namespace Rollouts.Tests.Manifests;

public sealed class PolicyProblemTests
{
    private const string Header = "apiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nspec:\n";

    [Theory]
    [InlineData("compatibility: Argo", "compatibility", "must be none or argo; found the text \"Argo\"")]
    [InlineData("inconclusive: maybe", "inconclusive", "must be ask, wait, abort or continue; found the text \"maybe\"")]
    [InlineData("inconclusive: yes", "inconclusive", "must be ask, wait, abort or continue; found the boolean yes")]
    [InlineData("inconclusive: [ask]", "inconclusive", "must be an object with action, for, then; found a list")]
    [InlineData("noData: {}", "noData.action", "is required: ask, wait, abort or continue")]
    [InlineData("noData: {action: wait, then: wait}", "noData.then", "must be ask, abort or continue; found the text \"wait\"")]
    [InlineData("noData: {action: ask, for: 5m}", "noData.for", "goes with action: wait only; remove it")]
    [InlineData("error: {action: abort, then: ask}", "error.then", "goes with action: wait only; remove it")]
    [InlineData("error: {action: wait, for: 0s}", "error.for", "must be longer than 0s; leave it out for 10m")]
    [InlineData("error: {action: wait, for: soon}", "error.for", "must be whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m; found the text \"soon\"")]
    [InlineData("error: {action: wait, retries: 5}", "error.retries", "unknown field; supported are action, for, then")]
    [InlineData("question: 5m", "question", "must be an object with openFor, onExpiry; found the text \"5m\"")]
    [InlineData("question: {openFor: never}", "question.openFor", "must be whole seconds (10 or \"10\") or a Go duration such as 90s, 5m, 1h30m, or forever; found the text \"never\"")]
    [InlineData("question: {openFor: 0}", "question.openFor", "must be longer than 0s, or forever")]
    [InlineData("question: {onExpiry: ask}", "question.onExpiry", "must be abort or continue; found the text \"ask\"")]
    [InlineData("approvers: []", "approvers", "unknown field; supported are compatibility, cluster, inconclusive, noData, error, question, background, bake")]
    [InlineData("cluster: [west]", "cluster", "must be a text; found a list")]
    [InlineData("cluster: West", "cluster", "\"West\" is no name that Kubernetes takes; it must be a DNS-1123 label: lower-case letters, digits and -, at most 63 characters, beginning and ending with a letter or digit")]
    public void Read_PolicyFieldWrong_SaysWhatIsAllowed(string field, string path, string expected) =>
        Assert.Equal([$"c.yaml:4: spec.{path}: {expected}"], Manifest.Problems(Manifest.Rollout, Manifest.Template, $"{Header}  {field}\n"));

    [Fact]
    public void Read_Cluster_IsTheTargets()
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout, Manifest.Template, $"{Header}  cluster: west\n");

        Assert.Equal("west", reading.Release!.Target.Cluster);
        Assert.StartsWith("west:", reading.Release.Target.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EveryField_GivesPolicy()
    {
        RolloutPolicy policy = Read("""
              compatibility: none
              inconclusive: abort
              noData: {action: wait, for: 90, then: continue}
              error: {action: wait, then: abort}
              question: {openFor: 2h, onExpiry: continue}
            """);

        Assert.Equal(new UnclearPolicy { Action = UnclearAction.Abort }, policy.Inconclusive);
        Assert.Equal(new UnclearPolicy { Action = UnclearAction.Wait, For = TimeSpan.FromSeconds(90), Then = UnclearAction.Continue }, policy.NoData);
        Assert.Equal(new UnclearPolicy { Action = UnclearAction.Wait, For = TimeSpan.FromMinutes(10), Then = UnclearAction.Abort }, policy.Error);
        Assert.Equal(new QuestionPolicy { OpenFor = TimeSpan.FromHours(2), OnExpiry = UnclearAction.Continue }, policy.Question);
        Assert.Equal(Compatibility.None, policy.Compatibility);
    }

    [Fact]
    public void Read_NoPolicy_IsTheDefault() => Assert.Equal(RolloutPolicy.Default, Manifest.Read(Manifest.Rollout, Manifest.Template).Release!.Policy);

    [Fact]
    public void Read_EmptySpec_IsTheDefault() => Assert.Equal(RolloutPolicy.Default, Read("  {}"));

    [Theory]
    [InlineData("forever", null)]
    [InlineData("null", null)]
    [InlineData("", null)]
    [InlineData("3600", 3600)]
    public void Read_OpenFor_TakesForeverAndSeconds(string openFor, int? seconds) =>
        Assert.Equal(
            seconds is { } s ? TimeSpan.FromSeconds(s) : null,
            Read($"  question: {{openFor: {openFor}}}").Question.OpenFor);

    [Fact]
    public void Read_CompatibilityArgo_FillsTheGapsWithArgosBehaviour()
    {
        Assert.Equal(RolloutPolicy.Argo, Read("  compatibility: argo"));
        Assert.Equal(
            RolloutPolicy.Argo with { NoData = new() { Action = UnclearAction.Ask }, Question = new() { OpenFor = null, OnExpiry = UnclearAction.Continue } },
            Read("  compatibility: argo\n  noData: ask\n  question: {onExpiry: continue}"));
    }

    [Fact]
    public void Read_TwoPolicies_IsRefused() =>
        Assert.Equal(
            ["d.yaml:1: is a second RolloutPolicy (first in c.yaml line 1); a release has at most one"],
            Manifest.Problems(Manifest.Rollout, Manifest.Template, Header + "  {}\n", Header + "  {}\n"));

    [Fact]
    public void Read_PolicyWithArgosVersion_IsRefused() =>
        Assert.Equal(
            ["c.yaml:1: apiVersion: \"argoproj.io/v1alpha1\" is not read; a RolloutPolicy has rolloutfunctions/v1"],
            Manifest.Problems(Manifest.Rollout, Manifest.Template, (Header + "  {}\n").Replace("rolloutfunctions/v1", "argoproj.io/v1alpha1")));

    private static RolloutPolicy Read(string spec)
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout, Manifest.Template, $"{Header}{spec}\n");
        Assert.Empty(reading.Problems);
        return reading.Release!.Policy;
    }
}
