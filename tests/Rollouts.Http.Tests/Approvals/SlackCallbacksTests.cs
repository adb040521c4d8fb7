using System.Diagnostics;
using System.Text;
using Rollouts.Approvals.Links;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;

namespace Rollouts.Http.Tests.Approvals;

public sealed class SlackCallbacksTests
{
    [Fact]
    public async Task Interact_Approve_LetsTheRolloutGoOn()
    {
        using ChatBench bench = new();
        Assert.Equal(200, (await bench.InteractAsync(bench.Press("promote"))).Status);
        Assert.Null(bench.Engine.Status.Question);
        Assert.Equal(["Promote by jo (U1): answers q1 (Pause) and goes on."], bench.Replies);
        Assert.Contains(bench.Engine.Entries, e => e is { Type: EventType.DecisionApplied, By: "jo (U1)" });
    }

    [Fact]
    public async Task Interact_TooLate_SaysWhoWasFasterAndLeavesATrace()
    {
        using ChatBench bench = new();
        await bench.InteractAsync(bench.Press("promote"));
        await bench.InteractAsync(bench.Press("abort", "U2", actionTs: "2"));
        Assert.Contains("q1 was already promoted by jo (U1) at 12:00:00 UTC", bench.Replies[1], StringComparison.Ordinal);
        Assert.Contains(bench.Engine.Entries, e => e is { Type: EventType.DecisionRejected, By: "jo (U2)" });
        Assert.Null(bench.Engine.Status.Outcome);
    }

    [Fact]
    public async Task Interact_RolledBack_SaysSoToTheNext()
    {
        using ChatBench bench = new();
        await bench.InteractAsync(bench.Press("abort"));
        Assert.Equal(RolloutOutcome.Aborted, bench.Engine.Status.Outcome);
        await bench.InteractAsync(bench.Press("promote", "U2", actionTs: "2"));
        Assert.Contains("q1 was already rolled back by jo (U1) at 12:00:00 UTC", bench.Replies[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interact_SamePressAThousandTimes_DecidesOnce()
    {
        using ChatBench bench = new();
        byte[] press = bench.Press("promote");
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(200, (await bench.InteractAsync(press)).Status);
        }

        Assert.Equal(1, bench.Engine.Decisions);
    }

    [Fact]
    public async Task Interact_OtherWorkspace_LeavesATraceOnly()
    {
        using ChatBench bench = new();
        await bench.InteractAsync(bench.Press("abort", "U7", "T9"));
        Assert.NotNull(bench.Engine.Status.Question);
        Assert.Contains(bench.Engine.Entries, e => e.Type == EventType.DecisionRejected && e.Message.Contains("workspace T9 is not let in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Interact_ButtonOfAnotherPurposeOrRollout_DecidesNothing()
    {
        using ChatBench bench = new();
        LinkSigner links = bench.Desk.Links!;
        await bench.InteractAsync(bench.Press("promote", value: links.Sign(MachineEngine.Id, "q1", LinkPurpose.Abort, null)));
        await bench.InteractAsync(bench.Press("promote", value: links.Sign("shop.other.0123456789", "q1", LinkPurpose.Promote, null)));
        await bench.InteractAsync(bench.Press("promote", value: "made up"));
        await bench.InteractAsync(bench.Press("promote", value: links.Sign(MachineEngine.Id, "q7", LinkPurpose.Promote, null)));
        Assert.NotNull(bench.Engine.Status.Question);
        Assert.Equal(3, bench.Replies.Count(r => r.StartsWith("This button was not made here", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Interact_ExpiredButton_LeavesATraceOnly()
    {
        using ChatBench bench = new();
        byte[] press = bench.Press("abort", value: bench.Desk.Links!.Sign(MachineEngine.Id, "q1", LinkPurpose.Abort, bench.Time.GetUtcNow().AddMinutes(5)));
        bench.Time.Advance(TimeSpan.FromMinutes(6));
        await bench.InteractAsync(press);
        Assert.Null(bench.Engine.Status.Outcome);
        Assert.Contains("its button has expired", bench.Replies.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interact_QuorumOverAUserGroup_CountsItsMembers()
    {
        using ChatBench bench = new(new ApprovalPolicy { SlackGroups = ["S1"], Quorum = 2, RequesterMayApprove = false }) { Members = ["U1", "U2", "U9"] };
        await bench.InteractAsync(bench.Press("promote", "U1", actionTs: "1"));
        await bench.InteractAsync(bench.Press("promote", "U3", actionTs: "2"));
        await bench.InteractAsync(bench.Press("promote", "U9", actionTs: "3"));
        Assert.NotNull(bench.Engine.Status.Question);
        Assert.Equal("1 of 2 approvals, by jo (U1)", bench.Engine.Status.Approvals);
        await bench.InteractAsync(bench.Press("promote", "U2", actionTs: "4"));
        Assert.Null(bench.Engine.Status.Question);
        Assert.Contains("1 of 2 approvals", bench.Replies[0], StringComparison.Ordinal);
        Assert.Contains("not one of the approvers", bench.Replies[1], StringComparison.Ordinal);
        Assert.Contains("asked for this release", bench.Replies[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interact_EngineIsSlow_IsAcknowledgedInTimeAndAnsweredLater()
    {
        using ChatBench bench = new();
        bench.Engine.Slow = TimeSpan.FromSeconds(3.2);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(200, (await bench.InteractAsync(bench.Press("promote"))).Status);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(3));
        for (int i = 0; i < 100 && bench.Replies.Count == 0; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Single(bench.Replies);
        Assert.Null(bench.Engine.Status.Question);
    }

    [Fact]
    public async Task Interact_OtherActions_AreAcknowledged()
    {
        using ChatBench bench = new();
        Assert.Equal(200, (await bench.InteractAsync(bench.Press("details", value: "x"))).Status);
        Assert.Equal(200, (await bench.InteractAsync(Encoding.UTF8.GetBytes("payload=" + Uri.EscapeDataString("""{"type":"view_submission"}""")))).Status);
        Assert.Equal(400, (await bench.InteractAsync("payload=nothing"u8.ToArray())).Status);
        Assert.Equal(0, bench.Engine.Decisions);
    }

    [Theory]
    [InlineData("status", "shop/checkout: Paused, step 2 of 3, weight 5 of 100, waits for decision.")]
    [InlineData("", "shop/checkout: Paused")]
    [InlineData("status checkout", "shop/checkout: Paused")]
    [InlineData("status shop/checkout", "shop/checkout: Paused")]
    [InlineData("status shop.checkout.0123456789", "shop/checkout: Paused")]
    [InlineData("status cart", "There is no rollout cart.")]
    [InlineData("promote checkout", "Say status")]
    [InlineData("abort", "Say status")]
    [InlineData("pause checkout looks odd", "Manually paused by jo (U1) (looks odd)")]
    [InlineData("abort shop/checkout", "Abort by jo (U1): rolls back")]
    public async Task Command_Each_Answers(string text, string expected)
    {
        using ChatBench bench = new();
        (int status, string answer, _) = await bench.CommandAsync(text);
        Assert.Equal(200, status);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.Contains("ephemeral", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_Stranger_IsTurnedAway()
    {
        using ChatBench bench = new();
        Assert.Contains("not let in", (await bench.CommandAsync("abort checkout", team: "T9")).Text, StringComparison.Ordinal);
        Assert.Equal(0, bench.Engine.Decisions);
    }

    [Theory]
    [InlineData("U1", true)]
    [InlineData("U5", true)]
    [InlineData("U2", false)]
    public async Task Any_UsersAndUserGroupsAreNamed_LetsInThoseAlone(string user, bool may)
    {
        using ChatBench bench = new(users: ["U1"], groups: ["S1"]) { Members = ["U5"] };
        Assert.Equal(may, (await bench.CommandAsync("status", user)).Text.Contains("shop/checkout", StringComparison.Ordinal));
        await bench.InteractAsync(bench.Press("promote", user));
        Assert.Equal(may, bench.Engine.Status.Question is null);
        Assert.Equal(may ? 0 : 1, bench.Engine.Entries.Count(e => e.Type == EventType.DecisionRejected && e.Message.Contains("let in", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Command_PauseThenResume_HoldsAndLetsGo()
    {
        using ChatBench bench = new();
        await bench.CommandAsync("pause checkout looks odd", trigger: "t1");
        Assert.Equal("jo (U1)", bench.Engine.Status.ManualPause?.By);
        Assert.Contains("esumed by jo (U1)", (await bench.CommandAsync("resume checkout", trigger: "t2")).Text, StringComparison.Ordinal);
        Assert.Null(bench.Engine.Status.ManualPause);
    }

    [Fact]
    public async Task Command_EngineIsSlow_AnswersLater()
    {
        using ChatBench bench = new();
        bench.Engine.Slow = TimeSpan.FromSeconds(2.6);
        Assert.Contains("Working on it", (await bench.CommandAsync("abort checkout")).Text, StringComparison.Ordinal);
        for (int i = 0; i < 100 && bench.Replies.Count == 0; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Contains("rolls back", bench.Replies.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interact_EngineBreaks_IsToldAndLogged()
    {
        using ChatBench bench = new();
        bench.Engine.Fault = new InvalidOperationException("the state is torn: secret-42");

        Assert.Equal(200, (await bench.InteractAsync(bench.Press("promote"))).Status);

        Assert.StartsWith("That did not work", Assert.Single(bench.Replies), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-42", bench.Replies[0], StringComparison.Ordinal);
        Assert.Same(bench.Engine.Fault, Assert.Single(bench.Log.Faults));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2.6)]
    public async Task Command_EngineBreaks_IsToldAndLogged(double seconds)
    {
        using ChatBench bench = new();
        bench.Engine.Fault = new InvalidOperationException("the state is torn");
        bench.Engine.Slow = TimeSpan.FromSeconds(seconds);

        string answer = (await bench.CommandAsync("abort checkout")).Text;
        for (int i = 0; i < 100 && seconds > 0 && bench.Replies.Count == 0; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Contains("That did not work", seconds > 0 ? bench.Replies.Single() : answer, StringComparison.Ordinal);
        Assert.Same(bench.Engine.Fault, Assert.Single(bench.Log.Faults));
    }
}
