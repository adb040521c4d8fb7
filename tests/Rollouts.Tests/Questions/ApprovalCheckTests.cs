using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Questions;

namespace Rollouts.Tests.Questions;

public sealed class ApprovalCheckTests
{
    private static readonly ApprovalPolicy Named = new()
    {
        SlackUsers = ["U1"],
        SlackGroups = ["S1"],
        EntraUsers = ["e1"],
        EntraGroups = ["g1"],
        AppRoles = ["Rollouts.Approve"],
    };

    [Theory]
    [InlineData("slack", "U1", null, null, true)]
    [InlineData("slack", "u1", null, null, true)]
    [InlineData("slack", "U2", "S1", null, true)]
    [InlineData("slack", "U2", "S2", null, false)]
    [InlineData("slack", "e1", null, null, false)]
    [InlineData("slack", "U2", "g1", "Rollouts.Approve", false)]
    [InlineData("entra", "e1", null, null, true)]
    [InlineData("entra", "e2", "g1", null, true)]
    [InlineData("entra", "e2", null, "Rollouts.Approve", true)]
    [InlineData("entra", "e2", "S1", "Rollouts.Read", false)]
    [InlineData("entra", "U1", null, null, false)]
    [InlineData("teams", "U1", "S1", "Rollouts.Approve", false)]
    public void Refuse_NamedApprovers_GoesByIdGroupAndRoleOfThatProvider(string provider, string id, string? group, string? role, bool may) =>
        Assert.Equal(may, ApprovalCheck.Refuse(Named, Promote(new() { Provider = provider, Id = id, Groups = group is null ? [] : [group], Roles = role is null ? [] : [role] }), null) is null);

    [Theory]
    [InlineData("slack", "U1", null, "slack:U1", false)]
    [InlineData("slack", "U1", null, "slack:U2", true)]
    [InlineData("slack", "U1", "jo@example.com", "JO@example.com", false)]
    [InlineData("slack", "U1", "jo@example.com", "kim@example.com", true)]
    [InlineData("slack", "U1", null, "kim@example.com", false)]
    [InlineData("slack", "U1", "jo@example.com", "entra:e1", false)]
    [InlineData("entra", "e1", null, "entra:e2", true)]
    [InlineData("entra", "e1", "jo@example.com", "pipeline", false)]
    [InlineData("entra", "e1", "jo@example.com", null, false)]
    public void Refuse_RequesterMayNotApprove_RefusesWhomItCantTellApart(string provider, string id, string? mail, string? requester, bool may) =>
        Assert.Equal(
            may,
            ApprovalCheck.Refuse(new ApprovalPolicy { RequesterMayApprove = false }, Promote(new() { Provider = provider, Id = id, Mail = mail }), requester) is null);

    [Theory]
    [InlineData(false, 1, true, true)]
    [InlineData(false, 2, true, false)]
    [InlineData(false, 1, false, false)]
    [InlineData(true, 1, true, false)]
    public void Refuse_NobodyVouchesForWho_OnlyWhereItMatters(bool named, int quorum, bool requesterMay, bool may)
    {
        ApprovalPolicy policy = (named ? Named : new ApprovalPolicy()) with { Quorum = quorum, RequesterMayApprove = requesterMay };
        Assert.Equal(may, ApprovalCheck.Refuse(policy, Promote(null), "kim@example.com") is null);
        Assert.Null(ApprovalCheck.Refuse(policy, Promote(null) with { Command = Command.Abort }, "kim@example.com"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("slack:U1", 1)]
    [InlineData("slack:U1 slack:U1", 1)]
    [InlineData("slack:U1 slack:U2", 2)]
    [InlineData("slack:U1 entra:e1", 1)]
    [InlineData("slack:U1 entra:e1 entra:e2", 2)]
    public void Count_Votes_CountsPeopleOfOneProvider(string votes, int expected) => Assert.Equal(
        expected,
        ApprovalCheck.Count(votes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split(':'))
            .Select(v => new Vote("q1 promote", v[0], v[1], v[1], DateTimeOffset.UnixEpoch))));

    private static Decision Promote(Actor? actor) => new() { Id = "d", Command = Command.Promote, By = "jo", At = DateTimeOffset.UnixEpoch, Actor = actor };
}
