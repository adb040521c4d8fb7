using Rollouts.Policy;

namespace Rollouts.Tests.Manifests;

/// <summary><c>drift</c> and <c>weightVerification</c> of a RolloutPolicy.</summary>
public sealed class TrafficPolicyTests
{
    private const string Header = "apiVersion: rolloutfunctions/v1\nkind: RolloutPolicy\nspec:\n";

    [Theory]
    [InlineData("restore", DriftAction.Restore)]
    [InlineData("adopt", DriftAction.Adopt)]
    [InlineData("ask", DriftAction.Ask)]
    public void Read_Drift_GivesPolicy(string word, DriftAction action) => Assert.Equal(action, Read($"  drift: {word}\n").Drift);

    [Fact]
    public void Read_WeightVerification_GivesPolicy()
    {
        Assert.Equal(new WeightVerificationPolicy(), Read("  weightVerification: {}\n").WeightVerification);
        Assert.Equal(
            new WeightVerificationPolicy
            {
                Canary = "sum(a)",
                Total = "sum(b)",
                Address = "http://prometheus:9090",
                Window = TimeSpan.FromMinutes(2),
                MinimumRequests = 50,
                For = TimeSpan.FromMinutes(10),
            },
            Read("  weightVerification: {canary: sum(a), total: sum(b), address: 'http://prometheus:9090', window: 2m, minimumRequests: 50, for: 10m}\n").WeightVerification);
        Assert.Null(Read("  {}\n").WeightVerification);
    }

    [Theory]
    [InlineData("drift: undo", "drift: must be restore, adopt or ask; found the text \"undo\"")]
    [InlineData("weightVerification: {canary: sum(a)}", "weightVerification.total: is required with canary: one counts the canary's requests, the other all")]
    [InlineData("weightVerification: {window: 1s}", "weightVerification.window: must be from 15s to 1h")]
    [InlineData("weightVerification: {minimumRequests: 1}", "weightVerification.minimumRequests: must be a whole number from 10 to 1000000; found the number 1")]
    public void Read_Wrong_SaysWhatIsAllowed(string field, string expected) =>
        Assert.Equal([$"c.yaml:4: spec.{expected}"], Manifest.Problems(Manifest.Rollout, Manifest.Template, $"{Header}  {field}\n"));

    [Fact]
    public void Read_WeightVerificationWithoutQueriesForAnotherRouter_IsRefused() => Assert.Equal(
        ["c.yaml:1: spec.weightVerification: needs canary and total here: only for ingress-nginx is it known which metrics count the canary's requests"],
        Manifest.Problems(
            Manifest.Rollout.Replace("        nginx:\n          stableIngress: web\n", "        istio: {virtualService: {name: web}}\n", StringComparison.Ordinal),
            Manifest.Template,
            $"{Header}  weightVerification: {{}}\n"));

    private static RolloutPolicy Read(string spec) => Manifest.Read(Manifest.Rollout, Manifest.Template, Header + spec).Release!.Policy;
}
