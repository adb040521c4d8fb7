using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollouts.Cli.Remote;
using Rollouts.Cli.Views;
using Rollouts.Embedded;
using Rollouts.Engine;
using Rollouts.Http;
using Rollouts.Http.Access;
using Rollouts.Manifests;

namespace Rollouts.Cli.Local;

/// <summary>The HTTP API of an engine in this process, on 127.0.0.1.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private LoopbackServer(WebApplication app, Uri address, SharedToken access, string token)
    {
        this.app = app;
        Address = address;
        Token = token;
        Access = access;
        Answers = new AnswerHint(address, token, access.CreateLink);
    }

    public Uri Address { get; }

    /// <summary>What whoever calls has to send.</summary>
    public string Token { get; }

    /// <summary>Makes links that sign a browser in.</summary>
    public SharedToken Access { get; }

    /// <summary>How questions are answered here.</summary>
    public AnswerHint Answers { get; }

    /// <param name="engine">Whose API.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="given">What whoever calls has to send, at least 16 characters; null makes a new token.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="templates">Where templates are that a release does not carry. Default nowhere.</param>
    /// <param name="approvals">Chat and signed links. Default none.</param>
    public static async Task<LoopbackServer> StartAsync(
        EmbeddedEngine engine,
        int port,
        string? given,
        CancellationToken cancellationToken,
        ITemplateSource? templates = null,
        LocalApprovals? approvals = null)
    {
        if (given is { Length: < SharedToken.FewestCharacters })
        {
            throw new InvalidInputException(
                $"${ServerOptions.KeyVariable}: a server's token must have at least {SharedToken.FewestCharacters} characters; openssl rand -hex 16 makes one");
        }

        string token = given ?? SharedToken.Create();
        AccessRoles roles = new();
        SharedToken access = new(token, Environment.UserName, roles);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IRolloutEngine>(engine);
        builder.Services.AddSingleton(engine.Ledger);
        builder.Services.AddSingleton(access);
        builder.Services.AddSingleton(new AccessPolicy(access, roles));
        builder.Services.AddSingleton(templates ?? new TemplateSources([]));
        builder.Services.AddRolloutPages();
        approvals?.AddTo(builder.Services, access);
        WebApplication app = builder.Build();
        app.UseLoopbackOnly(approvals?.Desk.Links?.PublicAddress);
        app.MapRollouts();
        app.MapSignIn();
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new InvalidInputException($"--port {port}: {refused.Message}; give another port, or 0 for a free one");
        }

        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new LoopbackServer(app, new Uri(address), access, token);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
