using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Machine;

namespace Rollouts.Http.Tests;

public sealed class RolloutApiTests : IAsyncLifetime
{
    private const string Id = "shop.checkout.0123456789";

    private const string Release = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: checkout, namespace: shop}
        spec:
          strategy:
            canary:
              canaryService: checkout-canary
              stableService: checkout-stable
              trafficRouting: {nginx: {stableIngress: checkout}}
              steps:
              - setWeight: 5
        """;

    private readonly ApiServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Start_TemplateElsewhere_IsPartOfTheRelease()
    {
        server.Templates.Texts["shop/up"] = """
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata: {name: up}
            spec: {metrics: [{name: up, successCondition: "result[0] == 1", provider: {prometheus: {query: up}}}]}
            """;

        using HttpResponseMessage response = await Post("/api/rollouts", Release + "\n      - analysis: {templates: [{templateName: up}]}\n");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["up"], Assert.Single(server.Engine.Releases).Templates.Keys);
    }

    [Theory]
    [InlineData(FailureKind.Forbidden, HttpStatusCode.BadGateway)]
    [InlineData(FailureKind.Transient, HttpStatusCode.BadGateway)]
    [InlineData(FailureKind.Invalid, HttpStatusCode.UnprocessableEntity)]
    public async Task Start_TemplatesCannotBeLookedFor_AnswersWhoseFaultItIsWithTheReason(FailureKind kind, HttpStatusCode status)
    {
        server.Templates.Failure = new PortException(kind, "forbidden: needs get on analysistemplates.argoproj.io in namespace shop");

        using HttpResponseMessage response = await Post("/api/rollouts", Release + "\n      - analysis: {templates: [{templateName: up}]}\n");

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(server.Templates.Failure.Message, (await Json(response)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Start_NewRelease_Answers202WithLocation()
    {
        using HttpResponseMessage response = await Post("/api/rollouts", Release);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal($"/api/rollouts/{Id}", response.Headers.Location?.ToString());
        JsonElement body = await Json(response);
        Assert.Equal(Id, body.GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Array, body.GetProperty("warnings").ValueKind);
        Assert.Equal("checkout", Assert.Single(server.Engine.Releases).Name);
    }

    [Fact]
    public async Task Start_SameReleaseAgain_Answers200()
    {
        server.Engine.Start = new StartResult(StartOutcome.AlreadyStarted, FakeEngine.Status());
        using HttpResponseMessage response = await Post("/api/rollouts", Release);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Start_ClusterDoesNotAnswer_Answers503()
    {
        server.Engine.Start = new StartResult(StartOutcome.Unavailable, null, Reason: "no answer within 30 s");
        using HttpResponseMessage response = await Post("/api/rollouts", Release);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("no answer within 30 s", (await Json(response)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Start_TargetOwnedElsewhere_SaysWhatToDo()
    {
        server.Engine.Start = new StartResult(StartOutcome.TargetOwned, null, "shop.checkout.fedcba9876", "abort it there");
        using HttpResponseMessage response = await Post("/api/rollouts", Release);
        Assert.Equal("abort it there", (await Json(response)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Start_TargetOwned_Answers409WithTheOwner()
    {
        server.Engine.Start = new StartResult(StartOutcome.TargetOwned, null, "shop.checkout.fedcba9876");
        using HttpResponseMessage response = await Post("/api/rollouts", Release);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("shop.checkout.fedcba9876", (await Json(response)).GetProperty("owner").GetString());
    }

    [Fact]
    public async Task Start_BadRelease_Answers400WithEveryProblem()
    {
        using HttpResponseMessage response = await Post("/api/rollouts", Release.Replace("setWeight: 5", "setWeight: 500").Replace("canaryService: checkout-canary", "canaryServise: x"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement[] problems = [.. (await Json(response)).GetProperty("problems").EnumerateArray()];
        Assert.Contains(problems, p => p.GetProperty("path").GetString() == "spec.strategy.canary.steps[0].setWeight" && p.GetProperty("line").GetInt32() == 11);
        Assert.Contains(problems, p => p.GetProperty("message").GetString()!.Contains("canaryService", StringComparison.Ordinal));
        Assert.Empty(server.Engine.Releases);
    }

    [Fact]
    public async Task Start_BodyOverTheBound_Answers413()
    {
        using HttpResponseMessage response = await Post("/api/rollouts", new string('#', 1_100_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("promote", Journal.Command.Promote)]
    [InlineData("promote-full", Journal.Command.PromoteFull)]
    [InlineData("abort", Journal.Command.Abort)]
    [InlineData("retry", Journal.Command.Retry)]
    [InlineData("pause", Journal.Command.Pause)]
    [InlineData("resume", Journal.Command.Resume)]
    public async Task Decide_EachCommand_ReachesTheEngine(string path, Journal.Command command)
    {
        using HttpResponseMessage response = await Post($"/api/rollouts/{Id}/{path}", """{"id":"x1","by":"jo","reason":"seen"}""");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Journal.Decision decision = Assert.Single(server.Engine.Decisions);
        Assert.Equal((command, "x1", "jo", "seen"), (decision.Command, decision.Id, decision.By, decision.Reason));
    }

    [Fact]
    public async Task Decide_WithoutBody_GivesEachDecisionItsOwnId()
    {
        (await Post($"/api/rollouts/{Id}/promote", "")).Dispose();
        (await Post($"/api/rollouts/{Id}/promote", "")).Dispose();
        Assert.Equal(2, server.Engine.Decisions.Select(d => d.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"wat":1}""", "wat")]
    [InlineData("""{"by":7}""", "by")]
    [InlineData("""{"by":""}""", "by")]
    [InlineData("[", "line 1")]
    public async Task Decide_BadBody_Answers400NamingTheMember(string body, string named)
    {
        using HttpResponseMessage response = await Post($"/api/rollouts/{Id}/abort", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, (await Json(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(server.Engine.Decisions);
    }

    [Theory]
    [InlineData(DecisionOutcome.AlreadyAccepted, HttpStatusCode.OK)]
    [InlineData(DecisionOutcome.AlreadyFinished, HttpStatusCode.Conflict)]
    [InlineData(DecisionOutcome.TargetOwned, HttpStatusCode.Conflict)]
    [InlineData(DecisionOutcome.IdTaken, HttpStatusCode.UnprocessableEntity)]
    public async Task Decide_EachOutcome_HasItsStatus(DecisionOutcome outcome, HttpStatusCode status)
    {
        server.Engine.Decision = outcome;
        using HttpResponseMessage response = await Post($"/api/rollouts/{Id}/abort", "");
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Decide_OnAClosedQuestion_Answers410AndLeavesItsTrace()
    {
        foreach (DecisionOutcome outcome in new[] { DecisionOutcome.Accepted, DecisionOutcome.AlreadyAccepted, DecisionOutcome.AlreadyFinished })
        {
            server.Engine.Decision = outcome;
            using HttpResponseMessage response = await Post($"/api/rollouts/{Id}/promote", """{"question":"q9","by":"kim"}""");
            Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        }

        Assert.All(server.Engine.Decisions, d => Assert.Equal(("kim", "api", "q9 is not open any more"), (d.By, d.Channel, d.Refused)));
        Assert.Equal(3, server.Engine.Decisions.Count);
    }

    [Fact]
    public async Task Decide_TheAnswerThatClosedTheQuestionAgain_HasBeenTaken()
    {
        server.Engine.Decision = DecisionOutcome.AlreadyAccepted;
        server.Engine.Found = FakeEngine.Status() with { Question = null, LastAnswer = new DecisionAnswer("x1", true, "answers q1") };
        using HttpResponseMessage same = await Post($"/api/rollouts/{Id}/promote", """{"id":"x1","question":"q1"}""");
        using HttpResponseMessage other = await Post($"/api/rollouts/{Id}/promote", """{"id":"x2","question":"q1"}""");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Gone), (same.StatusCode, other.StatusCode));
    }

    [Theory]
    [InlineData("build-17", "", "build-17")]
    [InlineData("build-17", """{"id":"x1"}""", "x1")]
    [InlineData("", "", null)]
    [InlineData(null, "", null)]
    public async Task Decide_IdempotencyKey_IsCheckedAsTheIdIs(string? key, string body, string? expected)
    {
        using HttpResponseMessage response = await PostWithKey($"/api/rollouts/{Id}/pause", body, key ?? new string('x', 201));

        Assert.Equal(expected is null ? HttpStatusCode.BadRequest : HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(expected is null ? [] : [expected], server.Engine.Decisions.Select(d => d.Id));
        if (expected is null)
        {
            Assert.Contains("Idempotency-Key: must have 1 to 200 characters", (await Json(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Decide_IdempotencyKeyOfAnotherCommand_SaysThatNothingHappened()
    {
        server.Engine.Decision = DecisionOutcome.IdTaken;
        using HttpResponseMessage response = await PostWithKey($"/api/rollouts/{Id}/abort", "", "build-17");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(
            "Idempotency-Key: build-17 was given with another command before, and abort was not taken; give every decision an id of its own",
            (await Json(response)).GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("/api/rollouts/nope")]
    [InlineData("/api/rollouts/nope/journal")]
    public async Task Get_UnknownRollout_Answers404(string path)
    {
        using HttpResponseMessage response = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("nope", (await Json(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_WithWait_HoldsUntilSomethingChanges()
    {
        Task<HttpResponseMessage> answer = server.Client.GetAsync($"/api/rollouts/{Id}?wait=15", TestContext.Current.CancellationToken);
        await Task.Delay(1200, TestContext.Current.CancellationToken);
        Assert.False(answer.IsCompleted);
        server.Engine.Found = FakeEngine.Status() with { Weight = 25 };
        using HttpResponseMessage response = await answer;
        Assert.Equal(25, (await Json(response)).GetProperty("weight").GetInt32());
    }

    /// <summary>Gateways give up on a request after 230 s.</summary>
    [Theory]
    [InlineData("999999", 200)]
    [InlineData("30", 30)]
    [InlineData("0", 0)]
    [InlineData("-5", 0)]
    [InlineData("soon", 0)]
    public async Task Find_WithWait_HoldsAtMost200Seconds(string wait, int held)
    {
        FakeTimeProvider time = new();
        AccessRoles roles = new();
        RolloutApi api = new(new FakeEngine(), new AccessPolicy(new SharedToken(ApiServer.Token, "jo", roles), roles), time);
        DefaultHttpContext http = new();
        http.Request.Headers.Authorization = $"Bearer {ApiServer.Token}";
        http.Request.QueryString = new QueryString($"?wait={wait}");

        Task<IResult> answer = api.FindAsync(http, Id);
        int passed = 0;
        while (await Task.WhenAny(answer, Task.Delay(30, TestContext.Current.CancellationToken)) != answer && passed < 300)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            passed += 2;
        }

        Assert.True(answer.IsCompletedSuccessfully, $"not answered after {passed} s");
        Assert.InRange(passed, held, held + 12);
    }

    [Fact]
    public async Task List_And_Journal_AreJson()
    {
        using HttpResponseMessage list = await server.Client.GetAsync("/api/rollouts", TestContext.Current.CancellationToken);
        Assert.Equal(Id, (await Json(list))[0].GetProperty("id").GetString());
        using HttpResponseMessage journal = await server.Client.GetAsync($"/api/rollouts/{Id}/journal?after=4", TestContext.Current.CancellationToken);
        JsonElement record = (await Json(journal))[0];
        Assert.Equal(5, record.GetProperty("position").GetInt32());
        Assert.Equal("promote", record.GetProperty("decision").GetProperty("command").GetString());
    }

    [Fact]
    public async Task Healthz_IsOpen() =>
        Assert.Equal("ok", await server.Client.GetStringAsync("/healthz", TestContext.Current.CancellationToken));

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "rebound.example")]
    public async Task AnyRequest_FromAForeignPage_IsRefused(string header, string value)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/api/rollouts/{Id}/abort");
        request.Headers.TryAddWithoutValidation(header, value);
        using HttpResponseMessage response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(server.Engine.Decisions);
    }

    [Theory]
    [InlineData("GET", "/api/rollouts")]
    [InlineData("GET", $"/api/rollouts/{Id}")]
    [InlineData("GET", $"/api/rollouts/{Id}/journal")]
    [InlineData("GET", $"/api/rollouts/{Id}/events")]
    [InlineData("GET", "/api/ledger")]
    [InlineData("POST", $"/api/rollouts/{Id}/judgement")]
    [InlineData("POST", "/api/rollouts")]
    [InlineData("POST", $"/api/rollouts/{Id}/abort")]
    public async Task AnyRequest_WithoutTheToken_Answers401(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(server.Client.BaseAddress!, path));
        using HttpClientHandler handler = new();
        using HttpClient stranger = new(handler);
        using HttpResponseMessage response = await stranger.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(server.Engine.Decisions);
        Assert.Empty(server.Engine.Releases);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", "dashboard")]
    [InlineData("User-Agent", "rollouts-cli/1.0", "cli")]
    [InlineData("User-Agent", "curl/8", "api")]
    public async Task Decide_EachCaller_HasItsChannel(string header, string value, string channel)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/api/rollouts/{Id}/pause");
        request.Headers.TryAddWithoutValidation(header, value);
        (await server.Client.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        Assert.Equal(channel, Assert.Single(server.Engine.Decisions).Channel);
    }

    private Task<HttpResponseMessage> Post(string path, string body) =>
        server.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/yaml"), TestContext.Current.CancellationToken);

    private Task<HttpResponseMessage> PostWithKey(string path, string body, string key)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<JsonElement> Json(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
}
