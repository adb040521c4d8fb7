using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Rollouts.Benchmarks.Durable;

/// <summary>
/// A running durable app, with its sample settings, under load: many rollouts at once; how soon a canary that begins to err has lost its traffic; and how
/// soon decisions are acted upon that come many at a time. What the host, the worker and the storage use meanwhile is to be read from them.
/// </summary>
internal static class DurableLoad
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var url, var key, .. var sizes])
        {
            Console.Error.WriteLine("durable URL KEY [ROLLOUTS [FAILING [DECISIONS [AWAY]]]]");
            return 2;
        }

        int rollouts = sizes.Length > 0 ? int.Parse(sizes[0], CultureInfo.InvariantCulture) : 50;
        int failing = sizes.Length > 1 ? int.Parse(sizes[1], CultureInfo.InvariantCulture) : 20;
        int decisions = sizes.Length > 2 ? int.Parse(sizes[2], CultureInfo.InvariantCulture) : 500;
        int away = sizes.Length > 3 ? int.Parse(sizes[3], CultureInfo.InvariantCulture) : 0;
        // Names of their own, so that a storage account that has seen an earlier run takes these for other rollouts.
        string run = $"{DateTimeOffset.UtcNow:HHmmss}";
        string[] healthy = [.. Enumerable.Range(1, rollouts).Select(i => $"good-{run}-{i}")];
        string[] broken = [.. Enumerable.Range(1, failing).Select(i => $"bad-{run}-{i}")];
        string[] decided = [.. Enumerable.Range(1, decisions > 0 ? 10 : 0).Select(i => $"asked-{run}-{i}")];
        using DurableApp app = new(url, key);
        using CancellationTokenSource limit = new(Patience);
        await using DurableField field = await DurableField.StartAsync([.. healthy, .. broken, .. decided]);

        await using Absentees absentees = await Absentees.StartAsync(app, [.. Enumerable.Range(1, away).Select(i => $"away-{run}-{i}")], limit.Token);
        await PromoteAsync(app, healthy, limit.Token);
        await WithdrawAsync(app, field, broken, limit.Token);
        await DecideAsync(app, decided, decisions, limit.Token);
        return 0;
    }

    private static async Task PromoteAsync(DurableApp app, string[] names, CancellationToken cancellationToken)
    {
        if (names.Length == 0)
        {
            return;
        }

        long began = Stopwatch.GetTimestamp();
        string[] paths = await Task.WhenAll(names.Select(n => app.StartAsync(DurableReleases.Healthy(n), cancellationToken)));
        TimeSpan started = Stopwatch.GetElapsedTime(began);
        JsonNode[] ends = await Task.WhenAll(paths.Select(p => app.UntilAsync(p, s => s["outcome"] is not null, cancellationToken)));
        Console.WriteLine($"{names.Length} rollouts at once: all started after {started.TotalSeconds:0.0} s, all ended after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        foreach (var outcome in ends.GroupBy(e => $"{e["outcome"]}"))
        {
            Console.WriteLine($"  {outcome.Key}: {outcome.Count()}");
        }
    }

    private static async Task WithdrawAsync(DurableApp app, DurableField field, string[] names, CancellationToken cancellationToken)
    {
        List<double> took = [];
        foreach (string name in names)
        {
            string path = await app.StartAsync(DurableReleases.Watched(name), cancellationToken);
            await app.UntilAsync(path, s => $"{s["waitingFor"]}" == "analysis", cancellationToken);
            await Task.Delay(1500, cancellationToken);
            field.Break(name);
            took.Add((await field.UntilWithdrawnAsync(name, cancellationToken)).TotalMilliseconds);
            await app.UntilAsync(path, s => $"{s["outcome"]}" == "RolledBack", cancellationToken);
        }

        Delays.Say("failing answer to weight 0, rollouts", took);
    }

    /// <summary>Pauses and resumes by hand, twenty requests at a time; each must be on record once, with what became of it.</summary>
    private static async Task DecideAsync(DurableApp app, string[] names, int decisions, CancellationToken cancellationToken)
    {
        string[] paths = await Task.WhenAll(names.Select(n => app.StartAsync(DurableReleases.Asked(n), cancellationToken)));
        await Task.WhenAll(paths.Select(p => app.UntilAsync(p, s => s["question"] is not null, cancellationToken)));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, names.Length == 0 ? 0 : decisions),
            new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = cancellationToken },
            async (n, token) =>
            {
                string command = n / names.Length % 2 == 0 ? "pause" : "resume";
                if (await app.DecideAsync(paths[n % names.Length], command, $"d{n}", token) != HttpStatusCode.Accepted)
                {
                    throw new InvalidOperationException($"decision d{n} was not taken");
                }
            });
        List<double> took = [];
        foreach (string path in paths)
        {
            took.AddRange(Delays.OfDecisions(await app.JournalAsync(path, cancellationToken)).Values);
            await app.DecideAsync(path, "abort", null, cancellationToken);
        }

        Delays.Say("decision to the turn that acted upon it, decisions", took);
    }

    /// <summary>Rollouts of a cluster that does not answer, under way as long as this is.</summary>
    private sealed class Absentees(DurableApp app, string[] paths) : IAsyncDisposable
    {
        public static async Task<Absentees> StartAsync(DurableApp app, string[] names, CancellationToken cancellationToken)
        {
            string[] paths = await Task.WhenAll(names.Select(n => app.StartAsync(DurableReleases.Away(n), cancellationToken)));
            if (names.Length > 0)
            {
                // Until all of them have been refused once and try again.
                await Task.Delay(TimeSpan.FromSeconds(30), cancellationToken);
                Console.WriteLine($"{names.Length} rollouts of a cluster that does not answer are under way");
            }

            return new Absentees(app, paths);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (string path in paths)
            {
                await app.DecideAsync(path, "abort", null, CancellationToken.None);
            }
        }
    }
}
