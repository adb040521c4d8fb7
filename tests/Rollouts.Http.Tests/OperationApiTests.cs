using System.Net;
using System.Text;
using Rollouts.Engine;
using Rollouts.Workloads;

namespace Rollouts.Http.Tests;

public sealed class OperationApiTests : IAsyncLifetime
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
        """;

    private readonly ApiServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("", false)]
    [InlineData("?supersede=true", true)]
    [InlineData("?supersede=false", false)]
    public async Task Start_Supersede_IsPassedOn(string query, bool supersede)
    {
        using HttpResponseMessage response = await PostAsync("/api/rollouts" + query, Release);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal([supersede], server.Engine.Superseding);
    }

    [Fact]
    public async Task Start_Run_MakesAnotherReleaseOfTheSameContent()
    {
        foreach (string query in new[] { "", "?run=build-7", "?run=build-7", "?run=build-8" })
        {
            (await PostAsync("/api/rollouts" + query, Release)).Dispose();
        }

        Assert.Equal([null, "build-7", "build-7", "build-8"], server.Engine.Releases.Select(r => r.Run));
        Assert.Equal(3, server.Engine.Releases.Select(r => r.Digest).Distinct().Count());
        using HttpResponseMessage tooLong = await PostAsync("/api/rollouts?run=" + new string('x', 101), Release);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
    }

    [Fact]
    public async Task Undo_Known_AnswersAsAStart()
    {
        using HttpResponseMessage response = await PostAsync($"/api/rollouts/{Id}/undo?revision=1a2b3c4d5e&supersede=true", """{"by": "kim", "reason": "coupons"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal($"/api/rollouts/{Id}", response.Headers.Location?.ToString());
        Assert.Equal([(Id, new UndoRequest("1a2b3c4d5e", "kim", null, true, "coupons"))], server.Engine.Undone);
    }

    [Theory]
    [InlineData("""{"why": "coupons"}""", "by and reason")]
    [InlineData("""{"reason": ""}""", "reason: must have 1 to 2000 characters")]
    public async Task Undo_BodyThatIsNone_IsRefused(string body, string problem)
    {
        using HttpResponseMessage response = await PostAsync($"/api/rollouts/{Id}/undo", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(problem, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(server.Engine.Undone);
    }

    [Fact]
    public async Task Revisions_Known_AreListedWithTheirImages()
    {
        server.Engine.Former = new FormerVersions([new FormerVersion("1a2b3c4d5e", ["registry.example.com/checkout:1.0"], DateTimeOffset.UnixEpoch)], null);

        Assert.Equal(
            """[{"revision":"1a2b3c4d5e","images":["registry.example.com/checkout:1.0"],"createdAt":"1970-01-01T00:00:00+00:00"}]""",
            await server.Client.GetStringAsync(new Uri($"/api/rollouts/{Id}/revisions", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Revisions_RefusedOrUnknown_SaySo()
    {
        server.Engine.Former = new FormerVersions([], "its versions are deployed by somebody else");
        using HttpResponseMessage refused = await server.Client.GetAsync(new Uri($"/api/rollouts/{Id}/revisions", UriKind.Relative), TestContext.Current.CancellationToken);
        using HttpResponseMessage unknown = await server.Client.GetAsync(new Uri("/api/rollouts/shop.other.0123456789/revisions", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound), (refused.StatusCode, unknown.StatusCode));
        Assert.Contains("deployed by somebody else", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", HttpStatusCode.UnprocessableEntity)]
    [InlineData("?requester=kim@example.com", HttpStatusCode.Accepted)]
    public async Task Undo_RequesterMayNotApprove_HasToBeKnown(string query, HttpStatusCode expected)
    {
        server.Engine.Found = FakeEngine.Status() with { ApprovalPolicies = [new Policy.ApprovalPolicy { RequesterMayApprove = false }] };
        using HttpResponseMessage response = await PostAsync($"/api/rollouts/{Id}/undo{query}", "");

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Accepted ? ["kim@example.com"] : [], server.Engine.Undone.Select(u => u.Undo.Requester));
    }

    [Fact]
    public async Task Undo_RefusedOrUnknown_SaysSo()
    {
        server.Engine.Start = new StartResult(StartOutcome.Refused, null, Reason: "there is no version x");
        using HttpResponseMessage refused = await PostAsync($"/api/rollouts/{Id}/undo", "");
        using HttpResponseMessage unknown = await PostAsync("/api/rollouts/shop.other.0123456789/undo", "");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound), (refused.StatusCode, unknown.StatusCode));
        Assert.Contains("there is no version x", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_FromStep_StandsInTheDecision()
    {
        using HttpResponseMessage response = await PostAsync($"/api/rollouts/{Id}/retry", """{"fromStep": 3}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(3, Assert.Single(server.Engine.Decisions).FromStep);
    }

    [Fact]
    public async Task Supersede_AsACommand_IsNoneThatPeopleMayGive()
    {
        using HttpResponseMessage response = await PostAsync($"/api/rollouts/{Id}/supersede", "");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(server.Engine.Decisions);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        server.Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/yaml"), TestContext.Current.CancellationToken);
}
