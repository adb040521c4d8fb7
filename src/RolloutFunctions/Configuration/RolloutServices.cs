using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RolloutFunctions.Clusters;
using RolloutFunctions.Engine;
using RolloutFunctions.Http;
using RolloutFunctions.Orchestration;
using RolloutFunctions.Watchdog;
using Rollouts.Analysis;
using Rollouts.Approvals;
using Rollouts.Approvals.Deciders;
using Rollouts.Approvals.Settings;
using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Ledger;
using Rollouts.AzureStorage.Notifications;
using Rollouts.AzureStorage.Registry;
using Rollouts.Http.Access;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Notifications;
using Rollouts.Prometheus;
using Rollouts.Templates;
using Rollouts.Web;

namespace RolloutFunctions.Configuration;

/// <summary>Puts the app together.</summary>
public static class RolloutServices
{
    /// <exception cref="ConfigurationException">A setting can't be used.</exception>
    public static IServiceCollection AddRollouts(this IServiceCollection services, AppSettings settings)
    {
        TokenCredential credential = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = settings.ClientId });
        ClusterDirectory clusters = ClusterConnections.Connect(settings.Clusters, credential, TimeProvider.System);
        TableServiceClient tables = settings.Storage.Connect(credential);
        services.AddMetricStores(settings.Prometheus, credential);
        services.AddWebMetrics(settings.Web.Options());
        services.AddTemplates(settings.Templates, clusters);
        return services.AddRollouts(clusters, tables, settings.Access, settings.Approvals, TimeProvider.System);
    }

    /// <summary>All but what reaches out: <see cref="IMetricProvider"/> must be among the services.</summary>
    internal static IServiceCollection AddRollouts(
        this IServiceCollection services, ClusterDirectory clusters, TableServiceClient tables, AccessRoles access, ApprovalSettings approvals, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton(clusters);
        services.AddSingleton(new RolloutRegistry(tables, time));
        services.AddSingleton(new AzureTableJournal(tables, time));
        services.AddSingleton<IRolloutLedger>(new AzureTableLedger(tables, time));
        services.AddSingleton<IRolloutJournal>(s => s.GetRequiredService<AzureTableJournal>());
        services.AddSingleton(s => new EffectPerformer(
            clusters,
            clusters,
            s.GetRequiredService<IMetricProvider>(),
            s.GetRequiredService<IRolloutJournal>(),
            time,
            clusters,
            s.GetRequiredService<INotifier>(),
            s.GetRequiredService<IRolloutLedger>())
        {
            Web = s.GetService<IWebMetricProvider>(),
            Secrets = clusters,
        });
        services.AddSingleton<INotificationOutbox>(new AzureTableOutbox(tables, time));
        services.AddApprovals(approvals);
        services.AddSingleton<Interruption>();
        services.AddSingleton<RolloutClosing>();
        services.AddSingleton<EffectActivities>();
        services.AddSingleton<DurableEngines>();
        services.AddAccess(access);
        services.AddSingleton<RolloutWatch>();
        services.AddSingleton<RolloutRescue>();
        services.AddSingleton<WatchdogRecord>();
        services.AddSingleton<LeaseWatch>();
        return services;
    }

    private static void AddAccess(this IServiceCollection services, AccessRoles roles)
    {
        AppServicePrincipals principals = new(
            string.Equals(Environment.GetEnvironmentVariable(AppServicePrincipals.EnabledVariable), "true", StringComparison.OrdinalIgnoreCase));
        services.AddSingleton<IPrincipalSource>(principals);
        services.AddSingleton(new AccessPolicy(new KeyHolders(principals, roles), roles));
        services.AddSingleton(s => new SignedInSite(
            principals,
            roles,
            s.GetRequiredService<IRolloutLedger>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILoggerFactory>(),
            s.GetService<ITemplateSource>(),
            s.GetRequiredService<OperatorRules>()));
    }

    private static void AddTemplates(this IServiceCollection services, TemplateSettings settings, ClusterDirectory clusters)
    {
        List<ITemplateSource> sources = [clusters];
        try
        {
            if (settings.Folder is { Length: > 0 } folder)
            {
                sources.Add(TemplateFolder.Open(Path.Combine(AppContext.BaseDirectory, folder)));
            }
        }
        catch (TemplateFolderException problem)
        {
            throw new ConfigurationException([$"Templates:Folder: {problem.Message}"]);
        }

        services.AddSingleton<ITemplateSource>(new TemplateSources(sources));
    }

    private static void AddMetricStores(this IServiceCollection services, MetricStoreSettings settings, TokenCredential credential)
    {
        HashSet<string> withEntra = [.. settings.Addresses.Where(a => a.Entra).Select(a => a.Address!)];
        services.AddPrometheus(settings.Options(), (address, client) =>
        {
            if (withEntra.Contains(address.Address))
            {
                client.AddHttpMessageHandler(() => new EntraTokenHandler(credential));
            }
        });
    }
}
