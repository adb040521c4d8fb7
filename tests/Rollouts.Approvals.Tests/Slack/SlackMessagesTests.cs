using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Approvals.Links;
using Rollouts.Approvals.Slack;

namespace Rollouts.Approvals.Tests.Slack;

public sealed class SlackMessagesTests
{
    private readonly FakeTimeProvider time = new(Posts.Noon);

    [Theory]
    [InlineData("question")]
    [InlineData("voted")]
    [InlineData("closed")]
    [InlineData("sign-in")]
    [InlineData("reminder")]
    [InlineData("outcome")]
    [InlineData("escalation")]
    [InlineData("pause")]
    [InlineData("no-data")]
    [InlineData("failing")]
    [InlineData("drift")]
    [InlineData("share")]
    [InlineData("expired")]
    [InlineData("superseded")]
    [InlineData("started")]
    public void Write_EachPost_IsAsItsGoldenFile(string name) => GoldenFile.Check(
        $"slack-{name}", JsonSerializer.Serialize(new SlackMessages(Signers.Of(time)).Write(Posts.Named(name)), SlackJson.Default.SlackMessage));

    [Fact]
    public void Write_WithoutLinks_HasNoButtonThatCouldNotBeProved()
    {
        SlackMessage message = new SlackMessages(null).Write(Posts.Question);
        Assert.Empty(message.Blocks.OfType<ImageBlock>());
        Assert.Empty(message.Blocks.OfType<ActionsBlock>().SelectMany(a => a.Elements));
    }

    [Fact]
    public void Write_Buttons_AreSignedForThisQuestionAndEndWithIt()
    {
        LinkSigner signer = Signers.Of(time);
        ButtonElement[] buttons = [.. new SlackMessages(signer).Write(Posts.Question).Blocks.OfType<ActionsBlock>().Single().Elements];
        LinkReading promote = signer.Read(buttons[0].Value, LinkPurpose.Promote);
        Assert.Equal((LinkOutcome.Good, "shop.checkout.0123456789", "q1", Posts.Noon.AddHours(24)), (promote.Outcome, promote.Link!.Rollout, promote.Link.Gate, promote.Link.ExpiresAt));
        Assert.Equal(LinkOutcome.NotGenuine, signer.Read(buttons[0].Value, LinkPurpose.Abort).Outcome);
        Assert.Equal(LinkOutcome.Good, signer.Read(buttons[1].Value, LinkPurpose.Abort).Outcome);
        Assert.NotNull(buttons[1].Confirm);
    }

    [Fact]
    public void Write_HugeTexts_StayWithinSlacksLimits()
    {
        string huge = new('<', 20_000);
        SlackMessage message = new SlackMessages(Signers.Of(time)).Write(Posts.Question with
        {
            Name = huge,
            Where = huge,
            Question = Posts.Question.Question! with { Message = huge },
            Evidence = Posts.Evidence with { Metrics = [.. Enumerable.Range(0, 10).Select(i => Posts.Evidence.Metrics[0] with { Name = $"m{i}{huge}", Latest = huge })] },
        });
        Assert.InRange(message.Blocks.Count, 1, 50);
        Assert.All(message.Blocks.OfType<HeaderBlock>(), b => Assert.InRange(b.Text.Text.Length, 1, 150));
        Assert.All(message.Blocks.OfType<SectionBlock>(), b => Assert.InRange(b.Text.Text.Length, 1, 3000));
        Assert.All(message.Blocks.OfType<ImageBlock>(), b => Assert.InRange(b.AltText.Length, 1, 2000));
        Assert.All(message.Blocks.OfType<ActionsBlock>().SelectMany(b => b.Elements), b =>
        {
            Assert.InRange(b.Text.Text.Length, 1, 75);
            Assert.InRange(b.Value?.Length ?? 0, 0, 2000);
            Assert.InRange(b.Confirm?.Text.Text.Length ?? 1, 1, 300);
        });
    }
}
