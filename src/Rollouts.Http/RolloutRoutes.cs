using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Rollouts.Http;

/// <summary>The routes, for hosts that run ASP.NET Core's own routing.</summary>
public static class RolloutRoutes
{
    /// <summary>Maps the API. <see cref="RolloutApi"/> must be among the services.</summary>
    public static IEndpointRouteBuilder MapRollouts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/rollouts", (HttpContext http, RolloutApi api) => api.StartAsync(http));
        routes.MapGet("/api/rollouts", (HttpContext http, RolloutApi api) => api.ListAsync(http));
        routes.MapGet("/api/rollouts/{id}", (HttpContext http, RolloutApi api, string id) => api.FindAsync(http, id));
        routes.MapGet("/api/rollouts/{id}/journal", (HttpContext http, RolloutApi api, string id) => api.JournalAsync(http, id));
        routes.MapPost("/api/rollouts/{id}/{command}", (HttpContext http, RolloutApi api, string id, string command) => api.DecideAsync(http, id, command));
        routes.MapGet("/healthz", () => Results.Text("ok"));
        return routes;
    }
}
