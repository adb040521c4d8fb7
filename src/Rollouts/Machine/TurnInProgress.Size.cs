using Rollouts.Analysis;
using Rollouts.Journal;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>
    /// How much a rollout may gather on its way: measurements, and entries that the journal has not taken. With the release itself, which is bounded when
    /// it is read, a stored turn stays below what the durable engine carries with ease; what is given up here stands in the journal, or will.
    /// </summary>
    private const int MostGathered = 6_000;

    // What a line costs beside its texts, which are what can be long.
    private const int LineCost = 80;

    private const int LongestValueHeldBack = 60;

    /// <summary>Gives up the oldest measurements first, then the length of what waits for the journal, then the measurements among that.</summary>
    private void KeepSmall()
    {
        int over = Gathered() - MostGathered;
        if (over <= 0)
        {
            return;
        }

        rollout = rollout with { Analysis = Thinned(rollout.Analysis, ref over), Background = Thinned(rollout.Background, ref over) };
        if (over > 0)
        {
            rollout = rollout with { Unrecorded = Thinned(rollout.Unrecorded, over) };
        }
    }

    private static JournalEntry[] Thinned(IReadOnlyList<JournalEntry> entries, int over)
    {
        List<JournalEntry> kept = [.. entries.Select(e => IsMinor(e) ? Shortened(e) : e)];
        over -= entries.Sum(CostOf) - kept.Sum(CostOf);
        for (int i = 0; i < kept.Count && over > 0;)
        {
            if (IsMinor(kept[i]))
            {
                over -= CostOf(kept[i]);
                kept.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }

        return [.. kept];
    }

    /// <summary>What a rollout's story can do without.</summary>
    private static bool IsMinor(JournalEntry entry) => entry.Type is EventType.Measured or EventType.EffectFailing;

    private int Gathered() =>
        new[] { rollout.Analysis, rollout.Background }.OfType<AnalysisRun>().SelectMany(r => r.Metrics).Sum(CostOf)
        + rollout.Unrecorded.Sum(CostOf);

    private static int CostOf(JournalEntry entry) => LineCost + entry.Message.Length + (entry.Value?.Length ?? 0);

    private static int CostOf(MetricResult metric) => (metric.Message?.Length ?? 0) + metric.Measurements.Sum(CostOf);

    private static int CostOf(Measurement measurement) => LineCost + (measurement.Value?.Length ?? 0) + (measurement.Message?.Length ?? 0);

    private static AnalysisRun? Thinned(AnalysisRun? run, ref int over)
    {
        if (run is null || over <= 0)
        {
            return run;
        }

        List<Measurement>[] kept = [.. run.Metrics.Select(m => m.Measurements.ToList())];
        while (over > 0 && kept.Where(k => k.Count > 1).MaxBy(k => k.Count) is { } fullest)
        {
            over -= CostOf(fullest[0]);
            fullest.RemoveAt(0);
        }

        // The last one of each metric decides when it is measured next; its texts are for people.
        MetricResult[] metrics = [.. run.Metrics.Zip(kept, (m, k) => m with { Measurements = k })];
        for (int i = 0; i < metrics.Length && over > 0; i++)
        {
            MetricResult shorter = Shortened(metrics[i]);
            over -= CostOf(metrics[i]) - CostOf(shorter);
            metrics[i] = shorter;
        }

        return run with { Metrics = metrics };
    }

    private static MetricResult Shortened(MetricResult metric) => metric with
    {
        Message = Shortened(metric.Message),
        Measurements = [.. metric.Measurements.Select(m => m with { Value = Shortened(m.Value), Message = Shortened(m.Message) })],
    };

    private static JournalEntry Shortened(JournalEntry entry) => entry with { Value = Shortened(entry.Value), Message = Shortened(entry.Message)! };

    private static string? Shortened(string? text) =>
        text is null || text.Length <= LongestValueHeldBack ? text : string.Concat(text.AsSpan(0, LongestValueHeldBack - 1), "…");
}
