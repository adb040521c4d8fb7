using System.Text.Json.Nodes;

namespace Rollouts.Benchmarks.Durable;

/// <summary>How long things took, in milliseconds.</summary>
internal static class Delays
{
    /// <summary>From each decision of a journal to the first entry that says what became of it, by the decision's id.</summary>
    public static Dictionary<string, double> OfDecisions(JsonArray journal)
    {
        Dictionary<string, DateTimeOffset> decided = journal.Where(r => r!["decision"] is not null)
            .ToDictionary(r => $"{r!["decision"]!["id"]}", r => r!["decision"]!["at"]!.GetValue<DateTimeOffset>());
        return journal.Where(r => r!["entry"]?["decisionId"] is not null).DistinctBy(r => $"{r!["entry"]!["decisionId"]}").ToDictionary(
            r => $"{r!["entry"]!["decisionId"]}",
            r => (r!["entry"]!["at"]!.GetValue<DateTimeOffset>() - decided[$"{r["entry"]!["decisionId"]}"]).TotalMilliseconds);
    }

    public static void Say(string what, List<double> took)
    {
        took.Sort();
        if (took.Count > 0)
        {
            Console.WriteLine(
                $"{what}: {took.Count}; fastest {took[0]:0} ms, median {took[took.Count / 2]:0} ms, p95 {took[took.Count * 95 / 100]:0} ms, "
                + $"p99 {took[took.Count * 99 / 100]:0} ms, slowest {took[^1]:0} ms");
        }
    }
}
