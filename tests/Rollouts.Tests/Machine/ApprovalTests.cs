using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Tests.Machine;

public sealed class ApprovalTests
{
    private static readonly ApprovalPolicy Two = new() { SlackUsers = ["U1", "U2", "U3"], EntraUsers = ["e1", "e2"], Quorum = 2 };

    [Fact]
    public void Promote_ByAnApprover_GoesOn()
    {
        MachineDriver world = Asked(Two with { Quorum = 1 });
        world.Decide(Command.Promote, "q1", "jo", Slack("U1"));
        Assert.Null(world.Rollout.Question);
        Assert.True(world.Rollout.LastAnswer!.Counted);
    }

    [Theory]
    [InlineData(null, "nobody vouches for who decided over api")]
    [InlineData("U9", "not one of the approvers that the policy names")]
    public void Promote_BySomebodyElse_IsRejectedAndLeavesATrace(string? user, string why)
    {
        MachineDriver world = Asked(Two with { Quorum = 1 });
        world.Decide(Command.Promote, "q1", "jo", user is null ? null : Slack(user));
        Assert.NotNull(world.Rollout.Question);
        JournalEntry entry = Assert.Single(world.Journal, e => e.Type == EventType.DecisionRejected);
        Assert.Contains(why, entry.Message, StringComparison.Ordinal);
        Assert.Equal((false, entry.Message), (world.Rollout.LastAnswer!.Counted, world.Rollout.LastAnswer.Message));
    }

    [Fact]
    public void Promote_WithAQuorumOfTwo_NeedsTwoPeople()
    {
        MachineDriver world = Asked(Two);
        world.Decide(Command.Promote, "q1", "jo", Slack("U1"));
        world.Decide(Command.Promote, "q1", "jo", Slack("U1"));
        Assert.NotNull(world.Rollout.Question);
        Assert.Single(world.Journal, e => e is { Type: EventType.ApprovalCounted, Message: "promote by jo: 1 of 2 approvals" });
        Assert.Single(world.Journal, e => e.Type == EventType.DecisionRejected && e.Message.Contains("approved already", StringComparison.Ordinal));
        world.Decide(Command.Promote, "q1", "kim", Slack("U2"));
        Assert.Null(world.Rollout.Question);
        Assert.Empty(world.Rollout.Votes);
    }

    [Fact]
    public void Promote_OneOverSlackOneOverEntra_IsCountedApart()
    {
        MachineDriver world = Asked(Two);
        world.Decide(Command.Promote, "q1", "jo", Slack("U1"));
        world.Decide(Command.Promote, "q1", "jo@example.com", Entra("e1"));
        Assert.NotNull(world.Rollout.Question);
        Assert.Contains(world.Journal, e => e.Message.Contains("1 of 2 approvals; those over Slack and those over Entra are counted apart", StringComparison.Ordinal));
        world.Decide(Command.Promote, "q1", "kim@example.com", Entra("e2"));
        Assert.Null(world.Rollout.Question);
    }

    [Fact]
    public void Promote_VotesOfAClosedQuestion_DoNotCountForTheNext()
    {
        MachineDriver world = new(Releases.With(
            RolloutPolicy.Default with { Approval = Two }, null, new PauseStep(null), new PauseStep(null), new PauseStep(TimeSpan.FromHours(1))));
        world.Settle();
        world.Decide(Command.Promote, "q1", "jo", Slack("U1"));
        world.Decide(Command.Promote, "q1", "kim", Slack("U2"));
        Assert.Equal("q2", world.Rollout.Question!.Id);
        world.Decide(Command.Promote, "q2", "jo", Slack("U1"));
        Assert.Equal("q2", world.Rollout.Question!.Id);
        world.Decide(Command.Promote, "q2", "kim", Slack("U2"));
        Assert.Null(world.Rollout.Question);
    }

    [Fact]
    public void PromoteFull_IsVotedOnApartFromPromote()
    {
        MachineDriver world = Asked(Two);
        world.Decide(Command.Promote, null, "jo", Slack("U1"));
        world.Decide(Command.PromoteFull, null, "kim", Slack("U2"));
        Assert.NotNull(world.Rollout.Question);
        Assert.Equal(0, world.Rollout.StepIndex);
    }

    [Fact]
    public void Abort_ByAnybody_NeedsNoApproval()
    {
        MachineDriver world = Asked(Two);
        world.Decide(Command.Abort, "q1");
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    [Fact]
    public void Abort_WherethePolicySaysApprovers_NeedsOne()
    {
        MachineDriver world = Asked(Two with { Abort = AbortBy.Approvers });
        world.Decide(Command.Abort, "q1");
        Assert.Null(world.Rollout.Outcome);
        world.Decide(Command.Abort, "q1", "jo", Slack("U1"));
        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
    }

    [Fact]
    public void Promote_EnvironmentAsksForMore_BothHold()
    {
        MachineDriver world = new(Releases.With(RolloutPolicy.Default with { Approval = new() { SlackUsers = ["U1", "U2"] } }, null, new PauseStep(null)) with
        {
            Environment = new ReleaseEnvironment { Name = "production", Approval = new() { SlackUsers = ["U2", "U3"] } },
        });
        world.Settle();
        world.Decide(Command.Promote, "q1", "jo", Slack("U1"));
        world.Decide(Command.Promote, "q1", "lee", Slack("U3"));
        Assert.NotNull(world.Rollout.Question);
        world.Decide(Command.Promote, "q1", "kim", Slack("U2"));
        Assert.Null(world.Rollout.Question);
    }

    [Fact]
    public void Promote_TooLate_SaysWhoWasFaster()
    {
        MachineDriver world = Asked(Two with { Quorum = 1 });
        world.Decide(Command.Abort, "q1", "kim", Slack("U2"));
        world.Decide(Command.Promote, "q1", "jo", Slack("U1"));
        Assert.Equal("q1 already rolled back by kim at 00:00:00 UTC", $"{world.Rollout.LastQuestion!.Id} {world.Rollout.LastQuestion}");
        Assert.Contains("aborted by kim", world.Journal.Last(e => e.Type == EventType.DecisionRejected).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Abort_ThatTheChannelDidNotLetThrough_LeavesATraceOnly()
    {
        MachineDriver world = Asked(Two);
        Turn next = RolloutMachine.Advance(
            world.Rollout,
            [new DecisionRead(9, new Decision { Id = "f", Command = Command.Abort, By = "U9 of T9", At = world.Now, Question = "q1", Refused = "T9 is not let in here" })],
            world.Now);
        Assert.NotNull(next.Rollout.Question);
        Assert.Equal("abort by U9 of T9 rejected: T9 is not let in here", next.Rollout.Unrecorded[^1].Message);
    }

    [Fact]
    public void Retry_ByAStranger_LeavesTheRolloutFinished()
    {
        MachineDriver world = Asked(Two);
        world.Decide(Command.Abort, "q1");
        world.Decide(Command.Retry);
        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(1, world.Rollout.Attempt);
        world.Decide(Command.Retry, null, "jo", Slack("U1"));
        Assert.Equal(2, world.Rollout.Attempt);
    }

    private static MachineDriver Asked(ApprovalPolicy policy)
    {
        MachineDriver world = new(Releases.With(RolloutPolicy.Default with { Approval = policy }, null, new PauseStep(null), new PauseStep(TimeSpan.FromHours(1))));
        world.Settle();
        Assert.Equal("q1", world.Rollout.Question!.Id);
        return world;
    }

    private static Actor Slack(string id) => new() { Provider = Actor.Slack, Id = id };

    private static Actor Entra(string id) => new() { Provider = Actor.Entra, Id = id };
}
