using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rollouts.Approvals;
using Rollouts.Http.Access;
using Rollouts.Http.Approvals;
using Rollouts.Http.Dashboard;

namespace Rollouts.Http;

/// <summary>The routes, for hosts that run ASP.NET Core's own routing.</summary>
public static class RolloutRoutes
{
    /// <summary>What the routes need among the services, beside the engine (which may differ from request to request), the ledger, the clock and an <see cref="AccessPolicy"/>.</summary>
    public static IServiceCollection AddRolloutPages(this IServiceCollection services) => services
        .AddScoped<RolloutApi>()
        .AddScoped<LedgerApi>()
        .AddScoped<RolloutEvents>()
        .AddScoped<DashboardPages>()
        .AddSingleton<JournalHistory>();

    /// <summary>Maps the API and the dashboard; with an <see cref="ApprovalDesk"/> among the services, chat and signed links too.</summary>
    public static IEndpointRouteBuilder MapRollouts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/rollouts", (HttpContext http, RolloutApi api) => api.StartAsync(http));
        routes.MapGet("/api/rollouts", (HttpContext http, RolloutApi api) => api.ListAsync(http));
        routes.MapGet("/api/rollouts/{id}", (HttpContext http, RolloutApi api, string id) => api.FindAsync(http, id));
        routes.MapGet("/api/rollouts/{id}/journal", (HttpContext http, RolloutApi api, string id) => api.JournalAsync(http, id));
        routes.MapGet("/api/rollouts/{id}/revisions", (HttpContext http, RolloutApi api, string id) => api.RevisionsAsync(http, id));
        routes.MapGet("/api/rollouts/{id}/events", (HttpContext http, RolloutEvents events, string id) => events.StreamAsync(http, id));
        routes.MapPost("/api/rollouts/{id}/judgement", (HttpContext http, LedgerApi ledger, string id) => ledger.JudgeAsync(http, id));
        routes.MapGet("/api/ledger", (HttpContext http, LedgerApi ledger) => ledger.ReportAsync(http));
        routes.MapPost("/api/rollouts/{id}/{command}", (HttpContext http, RolloutApi api, string id, string command) => api.DecideAsync(http, id, command));
        routes.MapGet("/", (HttpContext http) => Results.Redirect($"{http.Request.PathBase}{DashboardLayout.Rollouts}"));
        routes.MapGet("/rollouts", (HttpContext http, DashboardPages pages) => pages.ListAsync(http));
        routes.MapGet("/rollouts/{id}", (HttpContext http, DashboardPages pages, string id) => pages.RolloutAsync(http, id));
        routes.MapGet("/ledger", (HttpContext http, DashboardPages pages) => pages.LedgerAsync(http));
        if (routes.ServiceProvider.GetService<ApprovalDesk>() is not null)
        {
            routes.MapApprovals();
        }

        routes.MapGet("/healthz", () => Results.Text("ok"));
        return routes;
    }

    /// <summary>Maps the sign-in of a server that has one token for everything: <see cref="SharedToken"/> must be among the services.</summary>
    public static IEndpointRouteBuilder MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", (HttpContext http, SharedToken access) => new SignInPages(access).Get(http));
        routes.MapPost("/sign-in", (HttpContext http, SharedToken access) => new SignInPages(access).PostAsync(http));
        return routes;
    }
}
