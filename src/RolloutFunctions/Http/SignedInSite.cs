using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollouts.Approvals.Deciders;
using Rollouts.Approvals.Settings;
using Rollouts.Engine;
using Rollouts.Http;
using Rollouts.Http.Access;
using Rollouts.Ledger;
using Rollouts.Manifests;

namespace RolloutFunctions.Http;

/// <summary>
/// Everything that the embedded server serves, for callers whom App Service authentication names: the API without a function key, and the pages. One
/// function stands before it, so that a route is written once.
/// </summary>
public sealed class SignedInSite : IDisposable
{
    /// <summary>What its paths begin with.</summary>
    public const string Prefix = "/app";

    private readonly DiagnosticListener diagnostics = new(typeof(SignedInSite).FullName!);
    private readonly ServiceProvider services;
    private readonly RequestDelegate pipeline;

    /// <param name="principals">Who calls.</param>
    /// <param name="roles">Which roles give which right.</param>
    /// <param name="ledger">What rollouts came to.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where the handlers log.</param>
    /// <param name="templates">Where templates are that a release does not carry. Default nowhere.</param>
    /// <param name="rules">What the operator asks of every release. Default nothing.</param>
    public SignedInSite(
        AppServicePrincipals principals,
        AccessRoles roles,
        IRolloutLedger ledger,
        TimeProvider time,
        ILoggerFactory loggers,
        ITemplateSource? templates = null,
        OperatorRules? rules = null)
    {
        services = new ServiceCollection()
            .AddSingleton(loggers)
            .AddLogging()
            .AddSingleton(diagnostics)
            .AddSingleton<DiagnosticSource>(diagnostics)
            .AddRouting()
            .AddSingleton(time)
            .AddSingleton(ledger)
            .AddSingleton(rules ?? new OperatorRules(new ApprovalSettings()))
            .AddSingleton(new AccessPolicy(principals, roles))
            .AddSingleton(templates ?? new TemplateSources([]))
            .AddScoped<EngineOfRequest>()
            .AddScoped(s => s.GetRequiredService<EngineOfRequest>().Engine!)
            .AddRolloutPages()
            .BuildServiceProvider();
        ApplicationBuilder site = new(services);
        site.UseRouting();
        site.UseEndpoints(routes => routes.MapRollouts());
        pipeline = site.Build();
    }

    /// <summary>Answers a request under <see cref="Prefix"/>.</summary>
    public async Task ServeAsync(HttpContext http, IRolloutEngine engine)
    {
        IServiceProvider before = http.RequestServices;
        Endpoint? function = http.GetEndpoint();
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<EngineOfRequest>().Engine = engine;
        try
        {
            // The endpoint found so far is the worker's own; routing begins anew below the prefix.
            http.SetEndpoint(null);
            http.RequestServices = scope.ServiceProvider;
            if (http.Request.Path.StartsWithSegments(Prefix, out PathString matched, out PathString rest))
            {
                http.Request.PathBase += matched;
                http.Request.Path = rest.HasValue ? rest : "/";
            }

            await pipeline(http).ConfigureAwait(false);
        }
        finally
        {
            http.RequestServices = before;
            http.SetEndpoint(function);
        }
    }

    public void Dispose()
    {
        services.Dispose();
        diagnostics.Dispose();
    }

    private sealed class EngineOfRequest
    {
        public IRolloutEngine? Engine { get; set; }
    }
}
