using System.Net;
using System.Text.RegularExpressions;
using Rollouts.Http.Tests.Dashboard;

namespace Rollouts.Http.Tests.Approvals;

/// <summary>The confirm page over a real socket: what it is sent with, what moves it, and what of its link is written down.</summary>
public sealed class DecideSocketTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("page")]
    [InlineData("question")]
    [InlineData("answer")]
    [InlineData("forged answer")]
    [InlineData("foreign question")]
    [InlineData("chart")]
    public async Task Answer_Each_IsNeitherKeptNorIndexedNorFramedAndLeavesNoReferrer(string what)
    {
        await using DecideServer server = await DecideServer.StartAsync(time => what == "chart" ? new ShownRollouts() : new MachineEngine(time));
        using HttpClient client = Client(server);
        string token = server.Link(MachineEngine.Id).Fragment[1..];
        using HttpResponseMessage answer = what switch
        {
            "page" => await client.GetAsync(new Uri("decide", UriKind.Relative), Cancellation),
            "question" => await PostAsync(client, "decide/question", ("t", token)),
            "answer" => await AnswerAsync(client, token, "promote"),
            "forged answer" => await PostAsync(client, "decide", ("t", token), ("answer", "abort")),
            "foreign question" => await PostAsync(client, "decide/question", ("t", "k1.made.up")),
            _ => await client.GetAsync(server.Links.ChartOf(ShownRollouts.Asking.Id, "q1", null), Cancellation),
        };

        Assert.Equal(what switch { "forged answer" => HttpStatusCode.BadRequest, "foreign question" => HttpStatusCode.NotFound, _ => HttpStatusCode.OK }, answer.StatusCode);
        Assert.Equal(what == "chart" ? "max-age=60, private" : "no-store", Header(answer, "Cache-Control"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.Equal("noindex, nofollow", Header(answer, "X-Robots-Tag"));
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        string policy = Header(answer, "Content-Security-Policy");
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5")]
    [InlineData("Mozilla/5.0 BarracudaCentral")]
    public async Task Get_ByWhateverUnfurlsOrScans_DecidesNothingAndTellsNothing(string agent)
    {
        MachineEngine engine = null!;
        await using DecideServer server = await DecideServer.StartAsync(time => engine = new MachineEngine(time));
        using HttpClient client = Client(server);
        client.DefaultRequestHeaders.UserAgent.TryParseAdd(agent);
        Uri link = server.Link(MachineEngine.Id);
        foreach (string address in new[] { link.ToString(), $"{link.GetLeftPart(UriPartial.Path)}?t={link.Fragment[1..]}&answer=promote", $"{link.GetLeftPart(UriPartial.Path)}?answer=abort" })
        {
            for (int times = 0; times < 10; times++)
            {
                string page = await client.GetStringAsync(new Uri(address), Cancellation);
                Assert.DoesNotContain("checkout", page, StringComparison.Ordinal);
            }
        }

        foreach (string method in new[] { "HEAD", "OPTIONS", "PUT", "DELETE" })
        {
            using HttpRequestMessage request = new(new HttpMethod(method), link);
            (await client.SendAsync(request, Cancellation)).Dispose();
        }

        Assert.Equal(0, engine.Decisions);
        Assert.NotNull(engine.Status.Question);
    }

    [Fact]
    public async Task Logs_OfALinkThatWasUsedFromEndToEnd_HoldNoToken()
    {
        MachineEngine engine = null!;
        await using DecideServer server = await DecideServer.StartAsync(time => engine = new MachineEngine(time));
        using HttpClient client = Client(server);
        Uri link = server.Link(MachineEngine.Id);
        string token = link.Fragment[1..];
        (await client.GetAsync(link, Cancellation)).Dispose();
        (await PostAsync(client, "decide/question", ("t", token + "x"))).Dispose();
        (await AnswerAsync(client, token, "promote")).Dispose();
        (await AnswerAsync(client, token, "abort")).Dispose();
        server.Time.Advance(TimeSpan.FromDays(2));
        (await PostAsync(client, "decide/question", ("t", token))).Dispose();

        Assert.Equal(1, engine.Decisions);
        Assert.Contains(server.Logged, l => l.Contains("Request starting HTTP/1.1 POST", StringComparison.Ordinal));
        // Its content and its signature, each of which the token is made of.
        Assert.All(token.Split('.')[1..], part => Assert.DoesNotContain(server.Logged, l => l.Contains(part, StringComparison.Ordinal)));
        Assert.DoesNotContain(engine.Entries, e => token.Split('.')[1..].Any(part => e.Message.Contains(part, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.BadRequest)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.BadRequest)]
    [InlineData("Cookie", "rollouts-form=00000000000000000000000000000000", HttpStatusCode.BadRequest)]
    [InlineData("Cookie", "", HttpStatusCode.BadRequest)]
    public async Task Post_FormOfThePageSentFromElsewhere_DecidesNothing(string header, string value, HttpStatusCode expected)
    {
        MachineEngine engine = null!;
        await using DecideServer server = await DecideServer.StartAsync(time => engine = new MachineEngine(time));
        using HttpClient client = Client(server);
        string token = server.Link(MachineEngine.Id).Fragment[1..];
        (string form, string cookie) = await FormAsync(client, token);
        using HttpRequestMessage request = new(HttpMethod.Post, "decide") { Content = Content(("t", token), ("f", form), ("answer", "abort")) };
        request.Headers.TryAddWithoutValidation("Cookie", header == "Cookie" ? value : cookie);
        if (header != "Cookie")
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using HttpResponseMessage answer = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(0, engine.Decisions);
    }

    // The machine's resolver may not know names below localhost; the connection is the loopback's in any case.
    private static HttpClient Client(DecideServer server)
    {
        SocketsHttpHandler handler = new()
        {
            UseCookies = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                System.Net.Sockets.Socket socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(20) };
    }

    private static async Task<(string Form, string Cookie)> FormAsync(HttpClient client, string token)
    {
        using HttpResponseMessage question = await PostAsync(client, "decide/question", ("t", token));
        string markup = await question.Content.ReadAsStringAsync(Cancellation);
        string cookie = question.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set) ? set.First().Split(';')[0] : "";
        return (Regex.Match(markup, "name=\"f\" value=\"([^\"]*)\"").Groups[1].Value, cookie);
    }

    private static async Task<HttpResponseMessage> AnswerAsync(HttpClient client, string token, string answer)
    {
        (string form, string cookie) = await FormAsync(client, token);
        using HttpRequestMessage request = new(HttpMethod.Post, "decide") { Content = Content(("t", token), ("f", form), ("answer", answer)) };
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        return await client.SendAsync(request, Cancellation);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(new Uri(path, UriKind.Relative), Content(fields), Cancellation);

    private static FormUrlEncodedContent Content(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : "";
}
