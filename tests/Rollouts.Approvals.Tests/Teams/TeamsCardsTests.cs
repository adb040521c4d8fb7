using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Approvals.Teams;

namespace Rollouts.Approvals.Tests.Teams;

public sealed class TeamsCardsTests
{
    [Theory]
    [InlineData("question")]
    [InlineData("closed")]
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
        $"teams-{name}",
        JsonSerializer.Serialize(new TeamsCards(Signers.Of(new FakeTimeProvider(Posts.Noon))).Write(Posts.Named(name)), TeamsJson.Default.TeamsMessage));

    [Theory]
    [InlineData("HMAC ", "", true)]
    [InlineData("hmac ", "", true)]
    [InlineData("HMAC ", " ", false)]
    [InlineData("Bearer ", "", false)]
    [InlineData("", "", false)]
    public void IsGenuine_Outgoing_GoesByTheHashOfTheBody(string scheme, string changed, bool genuine)
    {
        byte[] token = [1, 2, 3, 4];
        byte[] body = """{"text":"<at>Rollouts</at> status"}"""u8.ToArray();
        string hash = Convert.ToBase64String(HMACSHA256.HashData(token, body));
        byte[] sent = [.. body, .. Encoding.UTF8.GetBytes(changed)];
        Assert.Equal(genuine, new OutgoingSignature(Convert.ToBase64String(token)).IsGenuine(scheme + hash, sent));
        Assert.False(new OutgoingSignature(Convert.ToBase64String(token)).IsGenuine(null, body));
        Assert.False(new OutgoingSignature(Convert.ToBase64String(token)).IsGenuine(scheme + "?" + hash[1..], body));
    }
}
