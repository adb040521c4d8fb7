using System.Security.Claims;
using Rollouts.Approvals.Deciders;
using Rollouts.Approvals.Settings;
using Rollouts.Journal;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Traffic;

namespace Rollouts.Approvals.Tests.Deciders;

public sealed class OperatorRulesTests
{
    private static readonly OperatorRules Rules = new(new ApprovalSettings
    {
        Channels = new Dictionary<string, ChannelSettings> { ["team"] = new() { Slack = "C1" }, ["ops"] = new() { Slack = "C2" } },
        Environments = new Dictionary<string, EnvironmentSettings>
        {
            ["production"] = new() { Namespaces = ["shop"], Approval = new ApprovalPolicy { Quorum = 2, RequesterMayApprove = false }, Channels = ["ops"] },
            ["other"] = new() { Namespaces = ["*"] },
        },
    });

    [Fact]
    public void Admit_KnownEnvironment_AddsWhatItAsksFor()
    {
        (Release? release, _) = Rules.Admit(Release("shop"), "kim@example.com");
        Assert.Equal(("production", 2, "kim@example.com"), (release!.Environment!.Name, release.Environment.Approval!.Quorum, release.Requester));
        Assert.Equal(["ops"], release.Policy.Notify!.Channels);
        Assert.Equal("abc", release.Digest);
    }

    [Fact]
    public void Admit_OtherNamespace_IsOfTheRest() => Assert.Equal("other", Rules.Admit(Release("lab"), null).Release!.Environment!.Name);

    [Fact]
    public void Admit_ReleaseNamesChannels_KeepsThem() =>
        Assert.Equal(["team"], Rules.Admit(Release("shop", new NotifyPolicy { Channels = ["team"] }), "kim@example.com").Release!.Policy.Notify!.Channels);

    [Fact]
    public void Admit_ChannelThatNobodySetUp_IsRefusedWithThoseThatThereAre() => Assert.Contains(
        "the channel elsewhere, which the operator has not set up; there are ops, team",
        Rules.Admit(Release("lab", new NotifyPolicy { Channels = ["team"], EscalateTo = ["elsewhere"] }), null).Refusal,
        StringComparison.Ordinal);

    [Fact]
    public void Admit_RequesterMattersAndIsNotKnown_IsRefused() =>
        Assert.Contains("?requester=", Rules.Admit(Release("shop"), null).Refusal, StringComparison.Ordinal);

    [Fact]
    public void Of_SignedIn_TakesOnlyWhatPoliciesAskAbout()
    {
        ClaimsPrincipal principal = new(new ClaimsIdentity(
            [
                new Claim("http://schemas.microsoft.com/identity/claims/objectidentifier", "e1"),
                new Claim("http://schemas.microsoft.com/identity/claims/tenantid", "t1"),
                new Claim("preferred_username", "kim@example.com"),
                new Claim("groups", "g1"),
                new Claim("groups", "g2"),
                new Claim(ClaimTypes.Role, "Rollouts.Approve"),
                new Claim(ClaimTypes.Role, "Rollouts.Read"),
            ],
            "aad"));
        Actor actor = EntraActors.Of(principal, [new ApprovalPolicy { EntraGroups = ["G2", "g3"], AppRoles = ["Rollouts.Approve"] }])!;
        Assert.Equal((Actor.Entra, "e1", "t1", "kim@example.com"), (actor.Provider, actor.Id, actor.Tenant, actor.Mail));
        Assert.Equal(["G2"], actor.Groups);
        Assert.Equal(["Rollouts.Approve"], actor.Roles);
    }

    [Fact]
    public void Of_NobodyOrNoObjectId_IsNull()
    {
        Assert.Null(EntraActors.Of(new ClaimsPrincipal(new ClaimsIdentity([new Claim("oid", "e1")])), []));
        Assert.Null(EntraActors.Of(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "owner")], "SharedToken")), []));
    }

    private static Release Release(string name, NotifyPolicy? notify = null) => new()
    {
        Name = "checkout",
        Namespace = name,
        Digest = "abc",
        Target = new TrafficTarget { Namespace = name, RolloutName = "checkout", StableService = "s", CanaryService = "c" },
        Policy = RolloutPolicy.Default with { Notify = notify },
    };
}
