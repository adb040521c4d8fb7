using System.Net;
using System.Text;

namespace Rollouts.Http.Tests;

/// <summary>Who is taken for who asks for a release: nobody who is signed in can put somebody else in their place and approve it themselves.</summary>
public sealed class RequesterTests : IAsyncLifetime
{
    private const string Start = "/api/rollouts";
    private const string Undo = "/api/rollouts/shop.checkout.0123456789/undo";

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

    private static readonly (string, string)[] Kim = [("oid", "e1"), ("preferred_username", "kim@example.com")];
    private static readonly (string, string)[] KimWithoutMail = [("oid", "e1"), ("scp", "user_impersonation")];
    private static readonly (string, string)[] Pipeline = [("oid", "p1"), ("appid", "0123")];

    private readonly ApiServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData(Start)]
    [InlineData(Undo)]
    public async Task Requester_SignedInAndGivenAnother_IsRefused(string path)
    {
        foreach ((string, string)[] claims in new[] { Kim, KimWithoutMail })
        {
            using HttpResponseMessage response = await PostAsync($"{path}?requester=someone@example.com", claims);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            string problem = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains("?requester= (--requester) says someone@example.com", problem, StringComparison.Ordinal);
            Assert.Contains("leave it out", problem, StringComparison.Ordinal);
        }

        Assert.Empty(Asked(path));
    }

    [Theory]
    [InlineData(Start)]
    [InlineData(Undo)]
    public async Task Requester_SignedInAndGivenOneself_IsOneself(string path)
    {
        foreach (string query in new[] { "", "?requester=Kim@example.com", "?requester=entra:e1" })
        {
            using HttpResponseMessage response = await PostAsync(path + query, Kim);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }

        Assert.Equal(["kim@example.com", "kim@example.com", "kim@example.com"], Asked(path));
    }

    [Theory]
    [InlineData(Start)]
    [InlineData(Undo)]
    public async Task Requester_ApplicationOrKey_SaysForWhom(string path)
    {
        (await PostAsync($"{path}?requester=kim@example.com", Pipeline)).Dispose();
        (await PostAsync(path, Pipeline)).Dispose();
        (await PostAsync($"{path}?requester=kim@example.com", null)).Dispose();
        (await PostAsync(path, null)).Dispose();

        Assert.Equal(["kim@example.com", "entra:p1", "kim@example.com", null], Asked(path));
    }

    private IEnumerable<string?> Asked(string path) =>
        path == Start ? server.Engine.Releases.Select(r => r.Requester) : server.Engine.Undone.Select(u => u.Undo.Requester);

    private Task<HttpResponseMessage> PostAsync(string path, (string, string)[]? claims)
    {
        server.SignedIn = claims is null ? null : ApiServer.Entra(claims);
        return server.Client.PostAsync(
            new Uri(path, UriKind.Relative), new StringContent(path.StartsWith(Undo, StringComparison.Ordinal) ? "" : Release, Encoding.UTF8, "application/yaml"), TestContext.Current.CancellationToken);
    }
}
