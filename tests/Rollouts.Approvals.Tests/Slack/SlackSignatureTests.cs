using System.Text;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Approvals.Slack;

namespace Rollouts.Approvals.Tests.Slack;

public sealed class SlackSignatureTests
{
    // The example of Slack's own documentation, "verifying requests from Slack".
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";
    private const string Timestamp = "1531420618";
    private const string Signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    private const string Body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA"
        + "&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(1531420618));

    [Fact]
    public void IsGenuine_SlacksOwnExample_IsTrue() => Assert.True(Check(Timestamp, Signature, Body));

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void IsGenuine_TimestampOff_HoldsForFiveMinutesEitherWay(int seconds, bool genuine)
    {
        var then = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1531420618 + seconds));
        Assert.Equal(genuine, new SlackSignature(Secret, then).IsGenuine(Timestamp, Signature, Encoding.UTF8.GetBytes(Body)));
    }

    [Theory]
    [InlineData(Timestamp, Signature, Body + " ")]
    [InlineData("1531420619", Signature, Body)]
    [InlineData("01531420618", Signature, Body)]
    [InlineData(" 1531420618", Signature, Body)]
    [InlineData("99999999999999999999", Signature, Body)]
    [InlineData("-9223372036854775808", Signature, Body)]
    [InlineData("", Signature, Body)]
    [InlineData(null, Signature, Body)]
    [InlineData(Timestamp, null, Body)]
    [InlineData(Timestamp, "", Body)]
    [InlineData(Timestamp, "v0=", Body)]
    [InlineData(Timestamp, "v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", Body)]
    [InlineData(Timestamp, "v0=g2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", Body)]
    [InlineData(Timestamp, "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b504", Body)]
    public void IsGenuine_AnythingChanged_IsFalse(string? timestamp, string? signature, string body) => Assert.False(Check(timestamp, signature, body));

    private bool Check(string? timestamp, string? signature, string body) =>
        new SlackSignature(Secret, time).IsGenuine(timestamp, signature, Encoding.UTF8.GetBytes(body));
}
