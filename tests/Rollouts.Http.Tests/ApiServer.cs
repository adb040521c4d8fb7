using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Ledger;
using Rollouts.Manifests;

namespace Rollouts.Http.Tests;

/// <summary>The API over a fake engine, on a free port of 127.0.0.1.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    public const string Token = "0123456789abcdef0123456789abcdef";
    private WebApplication? app;

    internal FakeEngine Engine { get; } = new();

    internal FakeLedger Ledger { get; } = new();

    internal FakeTemplates Templates { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IRolloutEngine>(Engine);
        builder.Services.AddSingleton<IRolloutLedger>(Ledger);
        builder.Services.AddSingleton<ITemplateSource>(Templates);
        AccessRoles roles = new();
        SharedToken access = new(Token, "jo", roles);
        builder.Services.AddSingleton(access);
        builder.Services.AddSingleton(new AccessPolicy(access, roles));
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
