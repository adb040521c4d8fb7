using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Embedded;
using Rollouts.Embedded.CrashHost;

// Drives the scenarios in a folder to their end, from wherever an earlier process left them:
//   Rollouts.Embedded.CrashHost FOLDER
// Prints `running` once the engine runs, `write` for every write to the cluster and `done` at the end. It may be killed at any moment and started again.
string state = Path.Combine(args[0], "rollouts.db");
using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
using FileCluster cluster = new(Path.Combine(args[0], "cluster.log"));
EmbeddedEngine engine = await EmbeddedEngine.OpenAsync(
    new EmbeddedOptions { Path = state },
    new EffectPorts(cluster, cluster, new ScriptedMetrics()),
    TimeProvider.System,
    NullLogger.Instance,
    limit.Token);
await using (engine)
{
    Task running = engine.RunAsync(limit.Token);
    Console.WriteLine("running");
    await Task.WhenAll(Scenario.All.Select(scenario => scenario.PlayAsync(engine, limit.Token)));
    using SqliteConnection connection = new($"Data Source={state};Pooling=False");
    connection.Open();
    using SqliteCommand unfinished = connection.CreateCommand();
    unfinished.CommandText = "SELECT count(*) FROM generations WHERE finished = 0";
    while (unfinished.ExecuteScalar() is not 0L)
    {
        await Task.Delay(5, limit.Token);
    }
}

Console.WriteLine("done");
