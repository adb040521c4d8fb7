using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RolloutFunctions.Http;
using Rollouts.AzureStorage.Ledger;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Http.Access;
using Rollouts.Journal;

namespace RolloutFunctions.Tests.Http;

public sealed class SignedInSiteTests(AzuriteServer azurite)
{
    private const string Reader = "rollouts.read";
    private const string Decider = "rollouts.decide";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, null, 401)]
    [InlineData(false, Decider, 401)]
    [InlineData(true, "someone.elses", 403)]
    [InlineData(true, Reader, 200)]
    [InlineData(true, Decider, 200)]
    public async Task ServeAsync_Reading_NeedsAPrincipalWithARole(bool authenticationIsOn, string? role, int status)
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        using SignedInSite site = Site(authenticationIsOn);

        HttpContext http = await SendAsync(site, bench, "GET", "/app/api/rollouts", role);

        Assert.Equal(status, http.Response.StatusCode);
    }

    [Fact]
    public async Task ServeAsync_Deciding_NeedsTheRoleAndNamesWhoDecided()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        using SignedInSite site = Site(true);
        string id = await bench.StartAsync(Releases.Asking("signed-in"));
        await bench.WaitAsync(id, s => s.Question is not null);

        HttpContext refused = await SendAsync(site, bench, "POST", $"/app/api/rollouts/{id}/abort", Reader);
        HttpContext taken = await SendAsync(site, bench, "POST", $"/app/api/rollouts/{id}/abort", Decider);

        Assert.Equal((403, 202), (refused.Response.StatusCode, taken.Response.StatusCode));
        Decision decision = Assert.Single(await bench.JournalAsync(id), r => r.Decision is not null).Decision!;
        Assert.Equal((Command.Abort, "ann@example.com"), (decision.Command, decision.By));
    }

    [Fact]
    public async Task ServeAsync_Dashboard_IsTheEmbeddedServersUnderThePrefixWithTheButtonsOfTheRole()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        using SignedInSite site = Site(true);
        string id = await bench.StartAsync(Releases.Asking("dashboard"));
        await bench.WaitAsync(id, s => s.Question is not null);

        HttpContext stranger = await SendAsync(site, bench, "GET", $"/app/rollouts/{id}", null);
        string read = await TextAsync(await SendAsync(site, bench, "GET", $"/app/rollouts/{id}", Reader));
        string decided = await TextAsync(await SendAsync(site, bench, "GET", $"/app/rollouts/{id}", Decider));
        string list = await TextAsync(await SendAsync(site, bench, "GET", "/app/rollouts", Reader));

        Assert.Equal((302, $"/.auth/login/aad?post_login_redirect_uri=%2Fapp%2Frollouts%2F{id}"), (stranger.Response.StatusCode, $"{stranger.Response.Headers.Location}"));
        Assert.Contains($"data-events=\"/app/api/rollouts/{id}/events?after=", read, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"decisions\"", read, StringComparison.Ordinal);
        Assert.Contains($"data-path=\"/app/api/rollouts/{id}\"", decided, StringComparison.Ordinal);
        Assert.Contains("data-command=\"promote\"", decided, StringComparison.Ordinal);
        // Going back begins a rollout, for which there is a role of its own.
        Assert.DoesNotContain("data-command=\"undo\"", decided, StringComparison.Ordinal);
        Assert.Contains($"href=\"/app/rollouts/{id}\"", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServeAsync_UnknownPath_IsNotFoundAndLeavesTheContextAsItWas()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        using SignedInSite site = Site(true);

        HttpContext http = await SendAsync(site, bench, "GET", "/app/api/nothing", Decider);

        Assert.Equal(404, http.Response.StatusCode);
    }

    private static async Task<string> TextAsync(HttpContext http)
    {
        Assert.Equal(200, http.Response.StatusCode);
        http.Response.Body.Position = 0;
        using StreamReader reader = new(http.Response.Body);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private SignedInSite Site(bool authenticationIsOn) => new(
        new AppServicePrincipals(authenticationIsOn),
        new AccessRoles(),
        new AzureTableLedger(azurite.Tables, TimeProvider.System, $"L{Guid.NewGuid():N}"),
        TimeProvider.System,
        NullLoggerFactory.Instance);

    private static async Task<HttpContext> SendAsync(SignedInSite site, DurableBench bench, string method, string path, string? role)
    {
        await using ServiceProvider outer = new ServiceCollection().BuildServiceProvider();
        DefaultHttpContext http = new() { RequestServices = outer };
        Endpoint function = new(null, null, "the worker's");
        http.SetEndpoint(function);
        http.Request.Method = method;
        http.Request.Path = path;
        http.Request.Host = new HostString("app.example");
        http.Response.Body = new MemoryStream();
        if (role is not null)
        {
            string principal = $$"""{"auth_typ":"aad","claims":[{"typ":"preferred_username","val":"ann@example.com"},{"typ":"roles","val":"{{role}}"}]}""";
            http.Request.Headers["X-MS-CLIENT-PRINCIPAL"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(principal));
        }

        await site.ServeAsync(http, bench.Engine).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

        Assert.Same(outer, http.RequestServices);
        Assert.Same(function, http.GetEndpoint());
        return http;
    }
}
