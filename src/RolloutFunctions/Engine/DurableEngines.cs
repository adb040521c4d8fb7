using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using RolloutFunctions.Clusters;
using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Registry;

namespace RolloutFunctions.Engine;

/// <summary>Gives each call its engine: the runtime hands out its client by binding only.</summary>
public sealed class DurableEngines(
    RolloutRegistry registry, AzureTableJournal journal, ClusterDirectory clusters, TimeProvider time, ILogger<DurableRolloutEngine> logger)
{
    public DurableRolloutEngine For(DurableTaskClient client) => new(client, registry, journal, clusters, time, logger);
}
