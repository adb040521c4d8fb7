using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using RolloutFunctions.Http;
using Rollouts.Http;

namespace RolloutFunctions.Tests.Http;

/// <summary>What the host lets in, and by which door.</summary>
public sealed class TriggerTests
{
    /// <summary>Each carries its own proof (a signature, a principal), or tells nothing.</summary>
    private static readonly string[] OpenAtTheHost =
    [
        "get /healthz", "get /app/{*path}", "post /app/{*path}", "post /api/slack/interactions", "post /api/slack/commands", "post /api/teams/messages",
        "get /decide", "post /decide", "post /decide/question", "get /decide/sign-in", "get /charts/{name}",
    ];

    [Fact]
    public void Triggers_WithoutAFunctionKey_AreTheseOnly() =>
        Assert.Equal(OpenAtTheHost.Order(), Triggers().Where(t => t.Level == AuthorizationLevel.Anonymous).SelectMany(t => t.Calls).Order());

    [Fact]
    public void Triggers_AllOthers_NeedAFunctionKey() =>
        Assert.All(Triggers().Where(t => t.Calls.All(c => !OpenAtTheHost.Contains(c))), t => Assert.Equal(AuthorizationLevel.Function, t.Level));

    /// <summary>The pages are for people, who come in by /app, where every route is.</summary>
    [Fact]
    public void Triggers_EveryRouteOfTheEmbeddedServersApi_IsAmongThem()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(TimeProvider.System).AddRolloutPages();
        WebApplication server = builder.Build();
        server.MapRollouts();
        string[] embedded =
        [
            .. ((IEndpointRouteBuilder)server).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
                .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m.ToLowerInvariant()} /{e.RoutePattern.RawText!.TrimStart('/')}"))
                .Where(c => c.Contains(" /api/", StringComparison.Ordinal) || c.EndsWith("/healthz", StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(embedded);
        Assert.Empty(embedded.Except(Triggers().SelectMany(t => t.Calls)));
    }

    private static IEnumerable<(AuthorizationLevel Level, string[] Calls)> Triggers() =>
        from type in typeof(RolloutTriggers).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
        where method.GetCustomAttribute<FunctionAttribute>() is not null
        from trigger in method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>()
        select (trigger.AuthLevel, trigger.Methods!.Select(m => $"{m} /{trigger.Route}").ToArray());
}
