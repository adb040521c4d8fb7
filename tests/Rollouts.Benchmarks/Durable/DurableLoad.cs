using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
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
        using HttpClient http = new() { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Add("x-functions-key", key);
        using CancellationTokenSource limit = new(Patience);
        await using DurableField field = await DurableField.StartAsync([.. healthy, .. broken, .. decided]);

        await using Absentees absentees = await Absentees.StartAsync(http, [.. Enumerable.Range(1, away).Select(i => $"away-{run}-{i}")], limit.Token);
        await PromoteAsync(http, healthy, limit.Token);
        await WithdrawAsync(http, field, broken, limit.Token);
        await DecideAsync(http, decided, decisions, limit.Token);
        return 0;
    }

    private static async Task PromoteAsync(HttpClient http, string[] names, CancellationToken cancellationToken)
    {
        if (names.Length == 0)
        {
            return;
        }

        long began = Stopwatch.GetTimestamp();
        string[] paths = await Task.WhenAll(names.Select(n => StartAsync(http, Healthy(n), cancellationToken)));
        TimeSpan started = Stopwatch.GetElapsedTime(began);
        JsonNode[] ends = await Task.WhenAll(paths.Select(p => UntilAsync(http, p, s => s["outcome"] is not null, cancellationToken)));
        Console.WriteLine($"{names.Length} rollouts at once: all started after {started.TotalSeconds:0.0} s, all ended after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        foreach (var outcome in ends.GroupBy(e => $"{e["outcome"]}"))
        {
            Console.WriteLine($"  {outcome.Key}: {outcome.Count()}");
        }
    }

    private static async Task WithdrawAsync(HttpClient http, DurableField field, string[] names, CancellationToken cancellationToken)
    {
        List<double> took = [];
        foreach (string name in names)
        {
            string path = await StartAsync(http, Watched(name), cancellationToken);
            await UntilAsync(http, path, s => $"{s["waitingFor"]}" == "analysis", cancellationToken);
            await Task.Delay(1500, cancellationToken);
            field.Break(name);
            took.Add((await field.UntilWithdrawnAsync(name, cancellationToken)).TotalMilliseconds);
            await UntilAsync(http, path, s => $"{s["outcome"]}" == "RolledBack", cancellationToken);
        }

        Say("failing answer to weight 0, rollouts", took);
    }

    /// <summary>Pauses and resumes by hand, twenty requests at a time; each must be on record once, with what became of it.</summary>
    private static async Task DecideAsync(HttpClient http, string[] names, int decisions, CancellationToken cancellationToken)
    {
        string[] paths = await Task.WhenAll(names.Select(n => StartAsync(http, Asked(n), cancellationToken)));
        await Task.WhenAll(paths.Select(p => UntilAsync(http, p, s => s["question"] is not null, cancellationToken)));
        await Parallel.ForEachAsync(
            Enumerable.Range(0, names.Length == 0 ? 0 : decisions),
            new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = cancellationToken },
            async (n, token) =>
            {
                string command = n / names.Length % 2 == 0 ? "pause" : "resume";
                using HttpResponseMessage answer = await http.PostAsJsonAsync($"{paths[n % names.Length]}/{command}", new { id = $"d{n}" }, token);
                answer.EnsureSuccessStatusCode();
            });
        List<double> took = [];
        foreach (string path in paths)
        {
            JsonArray journal = (await http.GetFromJsonAsync<JsonArray>($"{path}/journal?most=500", cancellationToken))!;
            Dictionary<string, DateTimeOffset> at = journal.Where(r => r!["decision"] is not null)
                .ToDictionary(r => $"{r!["decision"]!["id"]}", r => r!["decision"]!["at"]!.GetValue<DateTimeOffset>());
            took.AddRange(journal.Where(r => r!["entry"]?["decisionId"] is not null).DistinctBy(r => $"{r!["entry"]!["decisionId"]}")
                .Select(r => (r!["entry"]!["at"]!.GetValue<DateTimeOffset>() - at[$"{r["entry"]!["decisionId"]}"]).TotalMilliseconds));
            using HttpResponseMessage ended = await http.PostAsync($"{path}/abort", null, cancellationToken);
        }

        Say("decision to the turn that acted upon it, decisions", took);
    }

    private static void Say(string what, List<double> took)
    {
        took.Sort();
        if (took.Count > 0)
        {
            Console.WriteLine(
                $"{what}: {took.Count}; fastest {took[0]:0} ms, median {took[took.Count / 2]:0} ms, p95 {took[took.Count * 95 / 100]:0} ms, "
                + $"p99 {took[took.Count * 99 / 100]:0} ms, slowest {took[^1]:0} ms");
        }
    }

    private static async Task<string> StartAsync(HttpClient http, string release, CancellationToken cancellationToken)
    {
        using StringContent content = new(release);
        using HttpResponseMessage answer = await http.PostAsync("/api/rollouts", content, cancellationToken);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.StatusCode == HttpStatusCode.Accepted
            ? $"{answer.Headers.Location}"
            : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
    }

    private static async Task<JsonNode> UntilAsync(HttpClient http, string path, Predicate<JsonNode> reached, CancellationToken cancellationToken)
    {
        while (true)
        {
            JsonNode status = (await http.GetFromJsonAsync<JsonNode>(path, cancellationToken))!;
            if (reached(status))
            {
                return status;
            }

            await Task.Delay(1000, cancellationToken);
        }
    }

    private static string Healthy(string name) => Release(
        name,
        "{ setWeight: 5 }, { pause: { duration: 10s } }, { analysis: { templates: [{ templateName: error-rate }] } }, "
        + "{ setWeight: 25 }, { pause: { duration: 5s } }, { setWeight: 100 }",
        "interval: 2s, count: 3");

    private static string Watched(string name) => Release(
        name,
        "{ setWeight: 5 }, { analysis: { templates: [{ templateName: error-rate }] } }, { setWeight: 100 }",
        "interval: 1s, count: 600");

    private static string Asked(string name) => Release(name, "{ setWeight: 5 }, { pause: {} }", "count: 1");

    private static string Away(string name) => Release(name, "{ setWeight: 5 }, { pause: {} }", "count: 1", DurableField.AwayNamespace);

    private static string Release(string name, string steps, string schedule, string ns = DurableField.Namespace) => $$"""
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: { name: {{name}}, namespace: {{ns}} }
        spec:
          strategy:
            canary:
              stableService: {{name}}-stable
              canaryService: {{name}}-canary
              trafficRouting: { nginx: { stableIngress: {{name}} } }
              steps: [{{steps}}]
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: { name: error-rate, namespace: {{ns}} }
        spec:
          metrics:
          - { name: error-rate, {{schedule}}, successCondition: "result[0] <= 0.01", failureCondition: "result[0] > 0.05",
              provider: { prometheus: { query: 'sum(errors{app="{{name}}"})' } } }
        """;

    /// <summary>Rollouts of a cluster that does not answer, under way as long as this is.</summary>
    private sealed class Absentees(HttpClient http, string[] paths) : IAsyncDisposable
    {
        public static async Task<Absentees> StartAsync(HttpClient http, string[] names, CancellationToken cancellationToken)
        {
            string[] paths = await Task.WhenAll(names.Select(n => DurableLoad.StartAsync(http, Away(n), cancellationToken)));
            if (names.Length > 0)
            {
                // Until all of them have been refused once and try again.
                await Task.Delay(TimeSpan.FromSeconds(30), cancellationToken);
                Console.WriteLine($"{names.Length} rollouts of a cluster that does not answer are under way");
            }

            return new Absentees(http, paths);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (string path in paths)
            {
                using HttpResponseMessage ended = await http.PostAsync($"{path}/abort", null);
            }
        }
    }
}
