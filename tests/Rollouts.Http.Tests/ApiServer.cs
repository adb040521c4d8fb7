using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollouts.Approvals.Deciders;
using Rollouts.Approvals.Settings;
using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Ledger;
using Rollouts.Manifests;

namespace Rollouts.Http.Tests;

/// <summary>The API over a fake engine, on a free port of 127.0.0.1.</summary>
public sealed class ApiServer : IAsyncLifetime, IPrincipalSource
{
    public const string Token = "0123456789abcdef0123456789abcdef";
    private readonly SharedToken access;
    private readonly AccessRoles roles = new();
    private WebApplication? app;

    public ApiServer() => access = new SharedToken(Token, "jo", roles);

    internal FakeEngine Engine { get; } = new();

    internal FakeLedger Ledger { get; } = new();

    internal FakeTemplates Templates { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    /// <summary>Who is signed in with Entra, whatever token is sent; null nobody.</summary>
    public ClaimsPrincipal? SignedIn { get; set; }

    /// <summary>Somebody who may do everything, with these claims.</summary>
    public static ClaimsPrincipal Entra(params (string Type, string Value)[] claims)
    {
        AccessRoles roles = new();
        return new ClaimsPrincipal(new ClaimsIdentity(
            claims.Select(c => new Claim(c.Type, c.Value)).Concat(new[] { roles.Read, roles.Start, roles.Decide }.Select(r => new Claim(ClaimTypes.Role, r))), "aad"));
    }

    public ClaimsPrincipal? Identify(HttpContext http) => SignedIn ?? access.Identify(http);

    public IResult SignIn(HttpContext http) => access.SignIn(http);

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IRolloutEngine>(Engine);
        builder.Services.AddSingleton<IRolloutLedger>(Ledger);
        builder.Services.AddSingleton<ITemplateSource>(Templates);
        builder.Services.AddSingleton(new OperatorRules(new ApprovalSettings()));
        builder.Services.AddSingleton(access);
        builder.Services.AddSingleton(new AccessPolicy(this, roles));
        builder.Services.AddRolloutPages();
        app = builder.Build();
        app.UseLoopbackOnly();
        app.MapRollouts();
        app.MapSignIn();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromSeconds(20) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app!.DisposeAsync();
    }
}
