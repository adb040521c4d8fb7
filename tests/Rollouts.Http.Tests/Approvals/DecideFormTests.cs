using System.Security.Claims;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Rollouts.Approvals.Links;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;

namespace Rollouts.Http.Tests.Approvals;

public sealed class DecideFormTests
{
    [Fact]
    public async Task Question_HundredTimes_DecidesNothing()
    {
        using ChatBench bench = new();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(200, (await Open(bench, Link(bench))).Status);
        }

        Assert.Equal(0, bench.Engine.Decisions);
        Assert.NotNull(bench.Engine.Status.Question);
    }

    [Fact]
    public async Task Question_Answer_IsSentWithItsHeadersAndShowsTheQuestion()
    {
        using ChatBench bench = new();
        (_, string page, IHeaderDictionary headers) = await Open(bench, Link(bench));
        Assert.Equal("no-store", headers.CacheControl);
        Assert.Equal("no-referrer", headers["Referrer-Policy"]);
        Assert.Contains("noindex", headers["X-Robots-Tag"].ToString(), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
        string cookie = headers.SetCookie.ToString();
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Contains("secure", cookie, StringComparison.Ordinal);
        Assert.Contains("step 2 waits for a person at weight 5", page, StringComparison.Ordinal);
        Assert.Contains("Without an answer the policy rolls back at 2026-01-03 12:00 UTC.", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("promote", "Promote by somebody with the link (looks &lt;b&gt;fine&lt;/b&gt;)")]
    [InlineData("abort", "Abort by somebody with the link")]
    public async Task Post_Form_DecidesOnce(string answer, string expected)
    {
        using ChatBench bench = new();
        string link = Link(bench);
        (int status, string text) = await Answer(bench, link, answer);
        Assert.Equal(200, status);
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Null(bench.Engine.Status.Question);
        (int again, string said, _) = await Open(bench, link);
        Assert.Equal(410, again);
        Assert.Contains("q1 was already", said, StringComparison.Ordinal);
        Assert.Contains("at 12:00:00 UTC", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AfterSomebodyElse_SaysSoAndLeavesATrace()
    {
        using ChatBench bench = new();
        (string cookie, string form) = await Prepare(bench, Link(bench), "promote");
        await bench.InteractAsync(bench.Press("promote"));
        (int status, string text, _) = await ChatBench.SendAsync(bench.Form.PostAsync, Encoding.UTF8.GetBytes(form), ("Cookie", cookie));
        Assert.Equal(410, status);
        Assert.Contains("promoted by jo (U1)", text, StringComparison.Ordinal);
        Assert.Contains(bench.Engine.Entries, e => e is { Type: EventType.DecisionRejected, By: "somebody with the link" });
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("rollouts-form=00000000000000000000000000000000", null)]
    [InlineData(null, "cross-site")]
    public async Task Post_FromElsewhere_DecidesNothing(string? cookie, string? site)
    {
        using ChatBench bench = new();
        (string own, string form) = await Prepare(bench, Link(bench), "abort");
        (int status, _, _) = await ChatBench.SendAsync(
            bench.Form.PostAsync, Encoding.UTF8.GetBytes(form), ("Cookie", cookie ?? own), ("Sec-Fetch-Site", site ?? "same-origin"));
        Assert.Equal(400, status);
        Assert.Equal(0, bench.Engine.Decisions);
    }

    [Fact]
    public async Task Post_LinkExpiredMeanwhile_LeavesATraceOnly()
    {
        using ChatBench bench = new();
        (string cookie, string form) = await Prepare(bench, Link(bench, bench.Time.GetUtcNow().AddMinutes(5)), "abort");
        bench.Time.Advance(TimeSpan.FromMinutes(6));
        (int status, _, _) = await ChatBench.SendAsync(bench.Form.PostAsync, Encoding.UTF8.GetBytes(form), ("Cookie", cookie));
        Assert.Equal(410, status);
        Assert.NotNull(bench.Engine.Status.Question);
        Assert.Contains(bench.Engine.Entries, e => e.Message.Contains("its link has expired", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("t=made.up.link", 404)]
    [InlineData("", 404)]
    [InlineData("t=&t=&=&&&%", 404)]
    public async Task Question_LinkNotMadeHere_IsNotFound(string body, int expected)
    {
        using ChatBench bench = new();
        Assert.Equal(expected, (await ChatBench.SendAsync(bench.Form.QuestionAsync, Encoding.UTF8.GetBytes(body))).Status);
    }

    [Fact]
    public async Task Show_Anybody_GetsTheSamePageThatKnowsOfNoRollout()
    {
        using ChatBench bench = new();
        (int status, string page, IHeaderDictionary headers) = await ChatBench.SendAsync(_ => Task.FromResult(bench.Form.Show()), []);
        Assert.Equal(200, status);
        Assert.DoesNotContain("shop", page, StringComparison.Ordinal);
        Assert.Equal("no-store", headers.CacheControl);
        Assert.Empty(headers.SetCookie.ToString());
    }

    [Fact]
    public async Task Question_ButtonsLink_IsNotThePages()
    {
        using ChatBench bench = new();
        Assert.Equal(404, (await Open(bench, bench.Desk.Links!.Sign(MachineEngine.Id, "q1", LinkPurpose.Promote, null))).Status);
    }

    [Fact]
    public async Task Question_PolicyWantsASignIn_SendsThereAndPostsNothingWithout()
    {
        using ChatBench bench = new(new ApprovalPolicy { SignIn = true });
        (int asked, string said, _) = await Open(bench, Link(bench));
        Assert.Equal(401, asked);
        Assert.DoesNotContain("weight 5", said, StringComparison.Ordinal);
        (int status, _, IHeaderDictionary headers) = await ChatBench.SendAsync(http => Task.FromResult(bench.Form.SignIn(http)), []);
        Assert.Equal((302, "/sign-in"), (status, headers.Location.ToString()));
        bench.SignedIn = Person("e1");
        (string cookie, string form) = await Prepare(bench, Link(bench), "abort");
        (status, _, headers) = await ChatBench.SendAsync(http => Task.FromResult(bench.Form.SignIn(http)), []);
        Assert.Equal((302, "/decide"), (status, headers.Location.ToString()));
        bench.SignedIn = null;
        Assert.Equal(401, (await ChatBench.SendAsync(bench.Form.PostAsync, Encoding.UTF8.GetBytes(form), ("Cookie", cookie))).Status);
        Assert.Equal(0, bench.Engine.Decisions);
    }

    [Fact]
    public async Task Post_SignedIn_GoesByObjectIdAndRole()
    {
        using ChatBench bench = new(new ApprovalPolicy { AppRoles = ["Rollouts.Approve"], SignIn = true });
        bench.SignedIn = Person("e1", "Rollouts.Read");
        Assert.Equal(403, (await Answer(bench, Link(bench), "promote")).Status);
        bench.SignedIn = Person("e2", "Rollouts.Approve");
        (int status, string text) = await Answer(bench, Link(bench), "promote");
        Assert.Equal(200, status);
        Assert.Contains("e2@example.com", text, StringComparison.Ordinal);
        Assert.Equal(1, bench.Engine.Status.Step - 1);
    }

    [Fact]
    public async Task Chart_SignedAddress_IsAPictureUntilItExpires()
    {
        using ChatBench bench = new();
        string name = bench.Desk.Links!.Sign(MachineEngine.Id, "q1", LinkPurpose.Chart, bench.Time.GetUtcNow().AddMinutes(5)) + ".png";
        (int status, _, IHeaderDictionary headers) = await ChatBench.SendAsync(http => bench.Charts.ShowAsync(http, name), []);
        Assert.Equal((200, "image/png"), (status, headers.ContentType.ToString()));
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(410, (await ChatBench.SendAsync(http => bench.Charts.ShowAsync(http, name), [])).Status);
        Assert.Equal(404, (await ChatBench.SendAsync(http => bench.Charts.ShowAsync(http, "x" + name), [])).Status);
    }

    private static string Link(ChatBench bench, DateTimeOffset? closesAt = null) => bench.Desk.Links!.Sign(MachineEngine.Id, "q1", LinkPurpose.Ask, closesAt);

    private static Task<(int Status, string Text, IHeaderDictionary Headers)> Open(ChatBench bench, string link) =>
        ChatBench.SendAsync(bench.Form.QuestionAsync, Encoding.UTF8.GetBytes($"t={link}"));

    private static async Task<(string Cookie, string Form)> Prepare(ChatBench bench, string link, string answer)
    {
        (_, string page, IHeaderDictionary headers) = await Open(bench, link);
        string Field(string name) => Regex.Match(page, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value;
        string form = $"t={Field("t")}&f={Field("f")}&answer={answer}&reason={Uri.EscapeDataString("looks <b>fine</b>")}";
        return (headers.SetCookie.ToString().Split(';')[0], form);
    }

    private static async Task<(int Status, string Text)> Answer(ChatBench bench, string link, string answer)
    {
        (string cookie, string form) = await Prepare(bench, link, answer);
        (int status, string text, _) = await ChatBench.SendAsync(bench.Form.PostAsync, Encoding.UTF8.GetBytes(form), ("Cookie", cookie));
        return (status, text);
    }

    private static ClaimsPrincipal Person(string id, params string[] roles) => new(new ClaimsIdentity(
        [new Claim("oid", id), new Claim(ClaimTypes.Name, $"{id}@example.com"), .. roles.Select(r => new Claim(ClaimTypes.Role, r))], "aad"));
}
