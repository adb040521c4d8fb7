using System.Security.Cryptography;
using System.Text;

namespace Rollouts.Http.Tests.Approvals;

public sealed class TeamsCallbacksTests
{
    [Theory]
    [InlineData("<at>Rollouts</at> status", "shop/checkout: Paused")]
    [InlineData("<at>Rollouts</at>&nbsp;status checkout\\n", "shop/checkout: Paused")]
    [InlineData("<p><at id=\\\"0\\\">x</at></p>", "Say status")]
    [InlineData("<at>Rollouts</at> abort checkout", "Say status")]
    [InlineData("<at>Rollouts</at> status <script>", "shop/checkout: Paused")]
    public async Task Message_Each_TellsTheStatusAndDecidesNothing(string text, string expected)
    {
        using ChatBench bench = new();
        (int status, string answer) = await Send(bench, $$"""{"type":"message","text":"{{text}}"}""");
        Assert.Equal(200, status);
        Assert.Contains(expected, answer, StringComparison.Ordinal);
        Assert.Equal(0, bench.Engine.Decisions);
        Assert.DoesNotContain("<script", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_NotJson_IsAnsweredWithWhatIsUnderWay()
    {
        using ChatBench bench = new();
        Assert.Equal(200, (await Send(bench, "[")).Status);
    }

    private static async Task<(int Status, string Text)> Send(ChatBench bench, string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string hash = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(ChatBench.OutgoingToken), bytes));
        (int status, string text, _) = await ChatBench.SendAsync(bench.Teams.MessageAsync, bytes, ("Authorization", $"HMAC {hash}"));
        return (status, text);
    }
}
