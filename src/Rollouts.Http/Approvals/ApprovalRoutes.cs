using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Rollouts.Http.Approvals;

/// <summary>The routes of chat and of signed links, for hosts that run ASP.NET Core's own routing.</summary>
public static class ApprovalRoutes
{
    /// <summary>Those paths carry their own proof of who may use them.</summary>
    private static readonly string[] Open = ["/api/slack", "/api/teams", "/decide", "/charts"];

    /// <summary>Whether a path is one that the outside has to reach.</summary>
    public static bool IsOpen(PathString path) => Open.Any(p => path.StartsWithSegments(p, StringComparison.Ordinal));

    /// <summary>Adds the handlers. An engine, an <c>ApprovalDesk</c> and who signs in must be among the services.</summary>
    public static IServiceCollection AddApprovalHandlers(this IServiceCollection services) => services
        .AddSingleton<SlackCallbacks>()
        .AddSingleton<TeamsCallbacks>()
        .AddSingleton<DecideForm>()
        .AddSingleton<ChartPictures>();

    /// <summary>Maps the handlers.</summary>
    public static IEndpointRouteBuilder MapApprovals(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/slack/interactions", (HttpContext http, SlackCallbacks slack) => slack.InteractAsync(http));
        routes.MapPost("/api/slack/commands", (HttpContext http, SlackCallbacks slack) => slack.CommandAsync(http));
        routes.MapPost("/api/teams/messages", (HttpContext http, TeamsCallbacks teams) => teams.MessageAsync(http));
        routes.MapGet("/decide", (DecideForm form) => form.Show());
        routes.MapPost("/decide/question", (HttpContext http, DecideForm form) => form.QuestionAsync(http));
        routes.MapGet("/decide/sign-in", (HttpContext http, DecideForm form) => form.SignIn(http));
        routes.MapPost("/decide", (HttpContext http, DecideForm form) => form.PostAsync(http));
        routes.MapGet("/charts/{name}", (HttpContext http, ChartPictures charts, string name) => charts.ShowAsync(http, name));
        return routes;
    }
}
