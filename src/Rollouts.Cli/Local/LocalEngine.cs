using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollouts.Analysis;
using Rollouts.Approvals;
using Rollouts.Approvals.Settings;
using Rollouts.Embedded;
using Rollouts.Embedded.State;
using Rollouts.Kubernetes.Analysis;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Kubernetes.Workloads;
using Rollouts.Prometheus;
using Rollouts.Web;

namespace Rollouts.Cli.Local;

/// <summary>The embedded engine, composed with a cluster and a Prometheus, running in this process until disposed.</summary>
internal sealed class LocalEngine : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ServiceProvider services;
    private readonly Task running;

    private LocalEngine(EmbeddedEngine engine, ServiceProvider services)
    {
        Engine = engine;
        this.services = services;
        running = engine.RunAsync(stopping.Token);
    }

    public EmbeddedEngine Engine { get; }

    /// <summary>What listens to people beside the API.</summary>
    public required LocalApprovals Approvals { get; init; }

    /// <param name="state">The state file.</param>
    /// <param name="cluster">The cluster; disposed by the caller.</param>
    /// <param name="prometheus">Which Prometheus may be asked.</param>
    /// <param name="web">Which web services may be asked.</param>
    /// <param name="logging">Where the engine logs.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    /// <param name="approvals">Channels, chat, links and environments. Default none.</param>
    public static async Task<LocalEngine> OpenAsync(
        string state,
        IKubernetes cluster,
        PrometheusOptions prometheus,
        WebOptions web,
        ILoggerFactory logging,
        CancellationToken cancellationToken,
        ApprovalSettings? approvals = null)
    {
        TimeProvider time = TimeProvider.System;
        ServiceCollection collection = new();
        collection.AddSingleton(time);
        collection.AddSingleton(logging);
        collection.AddPrometheus(prometheus);
        collection.AddWebMetrics(web);
        collection.AddApprovals(approvals ?? new ApprovalSettings());
        ServiceProvider services = collection.BuildServiceProvider();
        try
        {
            EffectPorts ports = new(
                new KubernetesRouter(cluster, time),
                new ServiceWorkloadReader(cluster, time),
                services.GetRequiredService<IMetricProvider>(),
                new DeploymentWorkloads(cluster, time),
                services.GetRequiredService<ApprovalDesk>().CreateNotifier)
            {
                Web = services.GetRequiredService<IWebMetricProvider>(),
                Secrets = new ClusterSecretSource(cluster, time),
            };
            EmbeddedEngine engine = await EmbeddedEngine
                .OpenAsync(new EmbeddedOptions { Path = state }, ports, time, logging.CreateLogger<EmbeddedEngine>(), cancellationToken)
                .ConfigureAwait(false);
            return new LocalEngine(engine, services) { Approvals = LocalApprovals.Of(services) };
        }
        catch (StateFileException refused)
        {
            await services.DisposeAsync().ConfigureAwait(false);
            throw new InvalidInputException(refused.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        await Engine.DisposeAsync().ConfigureAwait(false);
        await services.DisposeAsync().ConfigureAwait(false);
        stopping.Dispose();
    }
}
