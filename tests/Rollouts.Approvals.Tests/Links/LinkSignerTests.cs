using System.Buffers.Text;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Approvals.Links;

namespace Rollouts.Approvals.Tests.Links;

public sealed class LinkSignerTests
{
    private const string Rollout = "shop.checkout.0123456789";

    private readonly FakeTimeProvider time = new(Posts.Noon);

    [Fact]
    public void Read_WhatWasSigned_GivesItBack()
    {
        LinkSigner signer = Signers.Of(time);
        LinkReading read = signer.Read(signer.Sign(Rollout, "q1", LinkPurpose.Ask, Posts.Noon.AddHours(2)), LinkPurpose.Ask);
        Assert.Equal((LinkOutcome.Good, Rollout, "q1", LinkPurpose.Ask, Posts.Noon.AddHours(2)), (read.Outcome, read.Link!.Rollout, read.Link.Gate, read.Link.Purpose, read.Link.ExpiresAt));
        Assert.InRange(signer.Sign(Rollout, "q1", LinkPurpose.Ask, null).Length, 50, 300);
    }

    [Fact]
    public void Sign_QuestionOpenForLonger_EndsAfterADay()
    {
        LinkSigner signer = Signers.Of(time);
        string link = signer.Sign(Rollout, "q1", LinkPurpose.Ask, Posts.Noon.AddDays(9));
        time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(LinkOutcome.Good, signer.Read(link, LinkPurpose.Ask).Outcome);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LinkOutcome.Expired, signer.Read(link, LinkPurpose.Ask).Outcome);
    }

    [Fact]
    public void Read_KeysChange_OldLinksHoldUntilTheirKeyIsGone()
    {
        string old = Signers.Of(time, Signers.First).Sign(Rollout, "q1", LinkPurpose.Ask, null);
        LinkSigner both = Signers.Of(time, Signers.Second, Signers.First);
        Assert.Equal(LinkOutcome.Good, both.Read(old, LinkPurpose.Ask).Outcome);
        Assert.StartsWith("k2.", both.Sign(Rollout, "q1", LinkPurpose.Ask, null), StringComparison.Ordinal);
        Assert.Equal(LinkOutcome.NotGenuine, Signers.Of(time, Signers.Second).Read(old, LinkPurpose.Ask).Outcome);
        Assert.Equal(LinkOutcome.NotGenuine, both.Read("k2" + old[2..], LinkPurpose.Ask).Outcome);
    }

    [Fact]
    public void Read_AnyCharacterChanged_IsNotGenuine()
    {
        LinkSigner signer = Signers.Of(time);
        string link = signer.Sign(Rollout, "q1", LinkPurpose.Promote, null);
        for (int i = 0; i < link.Length; i++)
        {
            // The last character of base64 has bits that mean nothing; a decoder that is strict refuses those too.
            string changed = string.Concat(link.AsSpan(0, i), link[i] == 'A' ? "B" : "A", link.AsSpan(i + 1));
            Assert.Equal(LinkOutcome.NotGenuine, signer.Read(changed, LinkPurpose.Promote).Outcome);
        }
    }

    [Fact]
    public void Read_AnyText_NeverThrows() => Gen.OneOf(
        Gen.String[0, 900],
        Gen.String[Gen.Char["abkAB019_-.|="], 0, 300].Select(s => $"k1.{s}"),
        Gen.Byte.Array[0, 200].Select(b => $"k1.{Base64Url.EncodeToString(b)}.{Base64Url.EncodeToString(b)}"))
        .Sample(text => Signers.Of(time).Read(text, LinkPurpose.Ask).Outcome == LinkOutcome.NotGenuine, iter: 5_000);

    [Fact]
    public void Read_ContentThatSomebodyMade_NeedsTheKey()
    {
        string content = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"v1|{Rollout}|q1|ask|{Posts.Noon.AddDays(1).ToUnixTimeSeconds()}|00"));
        string genuine = Signers.Of(time).Sign(Rollout, "q2", LinkPurpose.Ask, null);
        Assert.Equal(LinkOutcome.NotGenuine, Signers.Of(time).Read($"k1.{content}.{genuine.Split('.')[2]}", LinkPurpose.Ask).Outcome);
        Assert.Equal(LinkOutcome.NotGenuine, Signers.Of(time).Read($"k1.{content}.", LinkPurpose.Ask).Outcome);
    }

    [Fact]
    public void IsFormToken_OtherSessionOrLink_IsFalse()
    {
        LinkSigner signer = Signers.Of(time);
        string token = signer.FormToken("s1", "link");
        Assert.True(signer.IsFormToken(token, "s1", "link"));
        Assert.False(signer.IsFormToken(token, "s2", "link"));
        Assert.False(signer.IsFormToken(token, "s1", "other"));
        Assert.False(signer.IsFormToken(null, "s1", "link"));
        Assert.False(signer.IsFormToken("%%", "s1", "link"));
    }
}
