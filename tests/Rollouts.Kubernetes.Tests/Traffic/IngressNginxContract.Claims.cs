using k8s.Models;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Who may write, and what the first claim creates.</summary>
public abstract partial class IngressNginxContract
{
    [Fact]
    public async Task Claim_NoCanaryYet_CreatesItAtRest()
    {
        TrafficSplit found = await ClaimAsync(One);

        Assert.Equal(TrafficSplit.None, found);
        V1Ingress canary = await CanaryAsync();
        Assert.Equal(
            new Dictionary<string, string>
            {
                [Prefix + "canary"] = "true",
                [Prefix + "canary-weight"] = "0",
                ["rolloutfunctions/rollout"] = "shop",
                ["rolloutfunctions/owner"] = Owner,
                ["rolloutfunctions/revision"] = "0",
                ["rolloutfunctions/renewed"] = canary.Metadata.Annotations["rolloutfunctions/renewed"],
            },
            canary.Metadata.Annotations.ToDictionary());
        Assert.InRange(
            DateTimeOffset.Parse(canary.Metadata.Annotations["rolloutfunctions/renewed"], System.Globalization.CultureInfo.InvariantCulture),
            DateTimeOffset.UtcNow.AddMinutes(-5),
            DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal("rolloutfunctions", canary.Metadata.Labels["app.kubernetes.io/managed-by"]);
        Assert.Null(canary.Metadata.OwnerReferences);
        Assert.Equal("nginx", canary.Spec.IngressClassName);
        Assert.Equal("web-tls", Assert.Single(canary.Spec.Tls).SecretName);
        V1IngressRule rule = Assert.Single(canary.Spec.Rules);
        Assert.Equal("web.example.com", rule.Host);
        Assert.Equal(["shop-canary", "shop-canary", "assets"], rule.Http.Paths.Select(p => p.Backend.Service.Name));
    }

    [Fact]
    public async Task Claim_Again_ChangesNothing()
    {
        await ClaimAsync(One);
        await ApplyAsync(One, Split(25, s_internal), 4);
        string before = (await CanaryAsync()).Metadata.ResourceVersion;

        Assert.Equal(Split(25, s_internal), await ClaimAsync(One));

        Assert.Equal(before, (await CanaryAsync()).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Claim_OwnedByAnother_NamesTheOwner()
    {
        await ClaimAsync(One, "first");

        PortException refusal = await RefusedAsync(FailureKind.Owned, () => ClaimAsync(One, "second"));

        Assert.Equal("first", refusal.Owner);
        Assert.Contains("`shop-web-canary`", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("first", await OwnerAsync());
    }

    [Fact]
    public async Task Claim_ReleasedByAnother_LeavesTheSplitAndBeginsRevisionsAnew()
    {
        await ClaimAsync(One, "first");
        await ApplyAsync(One, Split(100), 9, "first");
        await Router.ReleaseAsync(One, "first", Cancellation);

        Assert.Equal(Split(100), await ClaimAsync(One, "second"));

        Assert.Equal("second", await OwnerAsync());
        Assert.Equal(TrafficSplit.None, await ApplyAsync(One, TrafficSplit.None, 1, "second"));
    }

    [Fact]
    public async Task Claim_CanaryOfSomebodyElse_IsRefused()
    {
        V1Ingress foreign = Ingresses.Stable("shop-web-canary");
        await CreateAsync(foreign);

        PortException refusal = await RefusedAsync(FailureKind.Invalid, () => ClaimAsync(One));

        Assert.Contains("controlled by different object", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await OwnerAsync());
    }

    [Fact]
    public async Task Claim_CanaryOfAnotherRollout_IsRefused()
    {
        await ClaimAsync(One);
        await Router.ReleaseAsync(One, Owner, Cancellation);
        await AnnotateAsync("shop-web-canary", ("rolloutfunctions/rollout", "other"));

        PortException refusal = await RefusedAsync(FailureKind.Invalid, () => ClaimAsync(One));

        Assert.Contains("controlled by different object", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_NoStableIngress_IsNotFound()
    {
        PortException refusal = await RefusedAsync(FailureKind.NotFound, () => ClaimAsync(Target("nowhere")));

        Assert.Contains("`nowhere`", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Namespace, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_NoRuleForTheStableService_IsInvalid()
    {
        PortException refusal = await RefusedAsync(FailureKind.Invalid, () => ClaimAsync(One with { StableService = "nobody" }));

        Assert.Contains("ingress `web`", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("has no rules using service nobody backend", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_TwentyAtOnce_OneWins()
    {
        string[] owners = [.. Enumerable.Range(0, 20).Select(i => $"rollout-{i}")];

        string?[] answers = await Task.WhenAll(owners.Select(ClaimantAsync));

        string winner = Assert.Single(answers, a => a is not null)!;
        Assert.Equal(winner, await OwnerAsync("web"));
        Assert.Equal(winner, await OwnerAsync("api"));
    }

    [Fact]
    public async Task Claim_TwentyAtOnceOnExistingOnes_OneWins()
    {
        await ClaimAsync(Two);
        await Router.ReleaseAsync(Two, Owner, Cancellation);
        string[] owners = [.. Enumerable.Range(0, 20).Select(i => $"rollout-{i}")];

        string?[] answers = await Task.WhenAll(owners.Select(ClaimantAsync));

        string winner = Assert.Single(answers, a => a is not null)!;
        Assert.Equal(winner, await OwnerAsync("web"));
        Assert.Equal(winner, await OwnerAsync("api"));
    }

    [Fact]
    public async Task Claim_OneOfTwoOwned_TakesNeither()
    {
        await ClaimAsync(Target("web"), "first");

        PortException refusal = await RefusedAsync(FailureKind.Owned, () => ClaimAsync(Two, "second"));

        Assert.Equal("first", refusal.Owner);
        Assert.DoesNotContain(_faults.Requests, r => r.IsWrite && r.Body.Contains("second", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Release_Owner_KeepsTheRest()
    {
        await ClaimAsync(Two);
        await ApplyAsync(Two, Split(40), 3);

        await Router.ReleaseAsync(Two, Owner, Cancellation);

        foreach (string stable in (string[])["web", "api"])
        {
            Assert.Null(await OwnerAsync(stable));
            Assert.Equal("40", await WeightAsync(stable));
            Assert.Equal("3", await AnnotationAsync("rolloutfunctions/revision", stable));
        }
    }

    [Fact]
    public async Task Release_NotTheOwner_DoesNothing()
    {
        await ClaimAsync(One, "first");
        string before = (await CanaryAsync()).Metadata.ResourceVersion;

        await Router.ReleaseAsync(One, "second", Cancellation);
        await Router.ReleaseAsync(Target("nowhere"), "second", Cancellation);

        Assert.Equal(before, (await CanaryAsync()).Metadata.ResourceVersion);
    }

    /// <returns>The claimant if it won, null if it was told of another owner.</returns>
    private async Task<string?> ClaimantAsync(string owner)
    {
        try
        {
            _ = await ClaimAsync(Two, owner);
            return owner;
        }
        catch (PortException refusal) when (refusal.Kind == FailureKind.Owned)
        {
            Assert.NotNull(refusal.Owner);
            Assert.NotEqual(owner, refusal.Owner);
            return null;
        }
    }
}
