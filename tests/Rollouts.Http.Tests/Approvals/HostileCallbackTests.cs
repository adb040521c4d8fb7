using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Rollouts.Approvals.Links;

namespace Rollouts.Http.Tests.Approvals;

/// <summary>10,000 forged, replayed, truncated, oversized and, though genuine, malformed callbacks: none decides, none costs more than 50 ms.</summary>
public sealed class HostileCallbackTests
{
    private const int Kinds = 22;

    /// <summary>From this kind on a callback is signed as it should be, so that it gets as far as what reads it.</summary>
    private const int FirstGenuine = 14;

    /// <summary>A machine that is busy with other tests pauses now and then while so many are sent; a kind that is always slow is so 450 times.</summary>
    private const int MostPauses = 200;

    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Callbacks_TenThousandHostileOnes_NoneDecidesNoneCostsMuch()
    {
        using ChatBench bench = new();
        Random random = new(20260102);
        byte[] genuine = bench.Press("abort");
        (string Timestamp, string Signature) signed = bench.Sign(genuine);
        byte[] form = Encoding.UTF8.GetBytes($"t={Uri.EscapeDataString(bench.Desk.Links!.Sign(MachineEngine.Id, "q1", LinkPurpose.Ask, null))}&f=&answer=abort");
        byte[] large = new byte[70_000];
        random.NextBytes(large);

        // What is sent again later was taken once: a pause, which its owner has ended since.
        byte[] taken = Slash("pause checkout", "t1");
        await Slack(bench.Slack.CommandAsync, taken, bench.Sign(taken))();
        byte[] ended = Slash("resume checkout", "t2");
        await Slack(bench.Slack.CommandAsync, ended, bench.Sign(ended))();
        Assert.Equal(2, bench.Engine.Decisions);

        // Warm: what is compiled on the first call is not what a callback costs.
        for (int i = 0; i < Kinds; i++)
        {
            await Hostile(bench, i, random, genuine, signed, form, large, taken)();
        }

        int pauses = 0;
        Dictionary<(bool Genuine, int Status), int> answers = [];
        for (int i = 0; i < 10_000; i++)
        {
            Func<Task<int>> send = Hostile(bench, i, random, genuine, signed, form, large, taken);
            Stopwatch watch = Stopwatch.StartNew();
            int status = await send();
            TimeSpan cost = watch.Elapsed;

            // A pause of the machine is not a cost of the callback: what is dear is dear again.
            for (int again = 0; again < 3 && cost > Most; again++)
            {
                pauses++;
                watch.Restart();
                await send();
                cost = watch.Elapsed;
            }

            Assert.InRange(cost, TimeSpan.Zero, Most);
            (bool, int) answer = (i % Kinds >= FirstGenuine, status);
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }

        Assert.InRange(pauses, 0, MostPauses);
        Assert.Equal(2, bench.Engine.Decisions);
        Assert.NotNull(bench.Engine.Status.Question);
        Assert.Null(bench.Engine.Status.ManualPause);
        Assert.DoesNotContain((false, 200), answers.Keys);
        Assert.All(answers.Keys.Where(a => a.Genuine), a => Assert.True(a.Status is 200 or 400, $"{a.Status}"));
        Assert.All(bench.Replies, r => Assert.StartsWith("This button was not made here", r, StringComparison.Ordinal));
    }

    private static byte[] Slash(string text, string trigger) => Encoding.UTF8.GetBytes(
        $"command=%2Frollouts&text={Uri.EscapeDataString(text)}&user_id=U1&user_name=jo&team_id=T1&trigger_id={trigger}");

    private static Func<Task<int>> Hostile(
        ChatBench bench, int i, Random random, byte[] genuine, (string Timestamp, string Signature) signed, byte[] form, byte[] large, byte[] taken)
    {
        byte[] changed = [.. genuine];
        changed[random.Next(changed.Length)] ^= (byte)random.Next(1, 256);
        byte[] cut = genuine[..random.Next(genuine.Length)];
        (string Timestamp, string Signature) old = bench.Sign(genuine, bench.Time.GetUtcNow() - TimeSpan.FromSeconds(random.Next(301, 100_000)));
        string guessed = $"v0={Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        int length = random.Next(10_000, 60_000);
        return (i % Kinds) switch
        {
            0 => Slack(bench.Slack.InteractAsync, changed, signed),
            1 => Slack(bench.Slack.InteractAsync, cut, signed),
            2 => Slack(bench.Slack.InteractAsync, genuine, old),
            3 => Slack(bench.Slack.InteractAsync, genuine, (signed.Timestamp, guessed)),
            4 => Slack(bench.Slack.InteractAsync, large, bench.Sign(large)),
            5 => Slack(bench.Slack.CommandAsync, Encoding.UTF8.GetBytes("command=%2Frollouts&text=abort+checkout&user_id=U1&team_id=T1"), signed),
            6 => Slack(bench.Slack.InteractAsync, genuine, (new string('9', random.Next(1, 60_000)), new string('a', random.Next(0, 60_000)))),
            7 => Send(bench.Teams.MessageAsync, genuine, ("Authorization", $"HMAC {Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}")),
            8 => Send(bench.Teams.MessageAsync, large, ("Authorization", "HMAC x")),
            9 => Send(bench.Form.PostAsync, form, ("Cookie", $"rollouts-form={new string('0', 32)}")),
            10 => Send(bench.Form.PostAsync, large),
            11 => Send(bench.Form.QuestionAsync, Encoding.UTF8.GetBytes($"t={Uri.EscapeDataString(Convert.ToBase64String(large.AsSpan(0, random.Next(1, 6_000))))}")),
            12 => Send(bench.Form.PostAsync, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a=b&", 4_000))), ("Cookie", $"rollouts-form={new string('1', 32)}")),
            13 => Send(http => bench.Charts.ShowAsync(http, $"k1.{new string('A', random.Next(0, 2_000))}.AAAA.png"), []),
            14 => Signed(bench, bench.Slack.InteractAsync, "payload=" + string.Concat(Enumerable.Repeat("%5B", length / 3))),
            15 => Signed(bench, bench.Slack.InteractAsync, "payload=" + Uri.EscapeDataString($$"""{"type":"block_actions","user":{{string.Concat(Enumerable.Repeat("{\"a\":", 2_000))}}""")),
            16 => Signed(bench, bench.Slack.InteractAsync, $$"""payload={"type":"block_actions","user":{"id":"U1"},"response_url":"http://slack.test/hooks/1","actions":[{"action_id":"promote","value":"{{new string('A', length)}}"}]}"""),
            17 => Signed(bench, bench.Slack.CommandAsync, $"text={new string('<', length)}&team_id=T1&user_id=U1"),
            18 => Signed(bench, bench.Slack.CommandAsync, string.Concat(Enumerable.Range(0, length / 8).Select(n => $"&k{n}=v")) + "&text=abort&team_id=T1&user_id=U1"),
            19 => Slack(bench.Slack.CommandAsync, taken, bench.Sign(taken)),
            20 => Said(bench, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"text\":[", length / 10)))),
            _ => Said(bench, Encoding.UTF8.GetBytes($$"""{"text":"<at>{{string.Concat(Enumerable.Repeat("<a&#60;", length / 7))}}"}""")),
        };
    }

    private static Func<Task<int>> Signed(ChatBench bench, Func<HttpContext, Task<IResult>> handler, string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        return Slack(handler, bytes, bench.Sign(bytes));
    }

    private static Func<Task<int>> Said(ChatBench bench, byte[] body) => Send(
        bench.Teams.MessageAsync, body, ("Authorization", $"HMAC {Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(ChatBench.OutgoingToken), body))}"));

    private static Func<Task<int>> Slack(Func<HttpContext, Task<IResult>> handler, byte[] body, (string Timestamp, string Signature) signed) =>
        Send(handler, body, ("X-Slack-Request-Timestamp", signed.Timestamp), ("X-Slack-Signature", signed.Signature));

    private static Func<Task<int>> Send(Func<HttpContext, Task<IResult>> handler, byte[] body, params (string, string)[] headers) =>
        async () => (await ChatBench.SendAsync(handler, body, headers)).Status;
}
