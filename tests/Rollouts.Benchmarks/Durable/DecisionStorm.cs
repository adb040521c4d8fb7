using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Rollouts.Benchmarks.Durable;

/// <summary>
/// Decisions at the worst moments of a running durable app. Rollouts measure every few seconds for ever; a query that reaches Prometheus shows where in its
/// generations a rollout is, and the decisions are spread evenly over what lies around the next one: the timer that fires, the reading of the journal, the
/// turn, continue-as-new, and the time before the wait. The last ones come while the rollout ends. Each is told twice at once.
/// </summary>
internal static class DecisionStorm
{
    private const int Rollouts = 10;

    /// <summary>How many of each rollout's come as it ends.</summary>
    private const int AtTheEnd = 5;

    // Around the expected query, in milliseconds: from before its timer fires to after its answer.
    private const int From = -1500;
    private const int To = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var url, var key, .. var sizes])
        {
            Console.Error.WriteLine("storm URL KEY [DECISIONS]");
            return 2;
        }

        int each = (sizes.Length > 0 ? int.Parse(sizes[0], CultureInfo.InvariantCulture) : 500) / Rollouts;
        string run = $"{DateTimeOffset.UtcNow:HHmmss}";
        string[] names = [.. Enumerable.Range(1, Rollouts).Select(i => $"storm-{run}-{i}")];
        using DurableApp app = new(url, key);
        using CancellationTokenSource limit = new(Patience);
        await using DurableField field = await DurableField.StartAsync(names);
        StormReport report = new();
        await Task.WhenAll(names.Select((name, i) => RollAsync(app, field, name, each, (double)i / Rollouts, report, limit.Token)));
        return report.Say();
    }

    private static async Task RollAsync(
        DurableApp app, DurableField field, string name, int each, double phase, StormReport report, CancellationToken cancellationToken)
    {
        string path = await app.StartAsync(DurableReleases.Measuring(name), cancellationToken);
        ConcurrentBag<(string Id, HttpStatusCode Answer)> answers = [];
        for (int i = 0; i < each - AtTheEnd; i++)
        {
            DateTimeOffset asked = await field.NextQueryAsync(name, cancellationToken);
            double share = (phase + (i * 0.6180339887)) % 1;
            DateTimeOffset moment = asked + field.GapOf(name) + TimeSpan.FromMilliseconds(From + ((To - From) * share));
            await DelayAsync(moment, cancellationToken);
            string command = i % 2 == 0 ? "pause" : "resume";
            await Task.WhenAll(TellAsync($"d{i}", command), TellAsync($"d{i}", command));
        }

        Task abort = app.DecideAsync(path, "abort", "abort", cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, AtTheEnd).Select(async i =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds((i + phase) * 3000 / AtTheEnd), cancellationToken);
            await Task.WhenAll(TellAsync($"end{i}", "pause"), TellAsync($"end{i}", "pause"));
        }));
        await abort;
        await app.UntilAsync(path, s => s["outcome"] is not null, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
        report.Add(name, await app.JournalAsync(path, cancellationToken), [.. answers], field.QueriesOf(name));

        async Task TellAsync(string id, string command) => answers.Add((id, await app.DecideAsync(path, command, id, cancellationToken)));
    }

    private static Task DelayAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        TimeSpan left = until - TimeProvider.System.GetUtcNow();
        return left > TimeSpan.Zero ? Task.Delay(left, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>What became of the decisions.</summary>
    private sealed class StormReport
    {
        private readonly Lock gate = new();
        private readonly List<(double FromQuery, double Took)> under = [];
        private readonly List<double> ending = [];
        private readonly List<string> wrong = [];
        private int refused;

        public void Add(string name, JsonArray journal, (string Id, HttpStatusCode Answer)[] answers, IReadOnlyList<DateTimeOffset> queries)
        {
            Dictionary<string, double> took = Delays.OfDecisions(journal);
            ILookup<string, DateTimeOffset> decided = journal.Where(r => r!["decision"] is not null)
                .ToLookup(r => $"{r!["decision"]!["id"]}", r => r!["decision"]!["at"]!.GetValue<DateTimeOffset>());
            lock (gate)
            {
                foreach (var told in answers.GroupBy(a => a.Id, a => a.Answer))
                {
                    HttpStatusCode[] both = [.. told.Order()];
                    bool isTaken = both is [HttpStatusCode.OK, HttpStatusCode.Accepted];
                    bool isTooLate = both is [HttpStatusCode.Conflict, HttpStatusCode.Conflict];
                    if ((!isTaken && !isTooLate) || decided[told.Key].Count() != (isTaken ? 1 : 0) || took.ContainsKey(told.Key) != isTaken)
                    {
                        wrong.Add($"{name} {told.Key}: told {string.Join(" and ", both)}, {decided[told.Key].Count()} times on record, acted upon: {took.ContainsKey(told.Key)}");
                    }

                    refused += isTooLate ? 1 : 0;
                    if (isTaken && took.TryGetValue(told.Key, out double delay))
                    {
                        if (told.Key.StartsWith('d'))
                        {
                            DateTimeOffset at = decided[told.Key].First();
                            under.Add((queries.Select(q => (at - q).TotalMilliseconds).MinBy(Math.Abs), delay));
                        }
                        else
                        {
                            ending.Add(delay);
                        }
                    }
                }
            }
        }

        public int Say()
        {
            Delays.Say("decision to the turn that acted upon it, all", [.. under.Select(u => u.Took), .. ending]);
            foreach (int from in Enumerable.Range(0, 6).Select(i => -2000 + (i * 500)))
            {
                Delays.Say($"  {from} to {from + 500} ms from a query", [.. under.Where(u => u.FromQuery >= from && u.FromQuery < from + 500).Select(u => u.Took)]);
            }

            Delays.Say("  at other times", [.. under.Where(u => u.FromQuery is < -2000 or >= 1000).Select(u => u.Took)]);
            Delays.Say("  while the rollout ended", ending);
            Console.WriteLine($"told that the rollout has finished: {refused}; wrong: {wrong.Count}");
            wrong.ForEach(Console.WriteLine);
            return wrong.Count == 0 ? 0 : 1;
        }
    }
}
