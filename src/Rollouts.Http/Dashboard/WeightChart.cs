using Rollouts.Engine;
using Rollouts.Http.Pages;
using Rollouts.Journal;

namespace Rollouts.Http.Dashboard;

/// <summary>The canary's weight over time, as the cluster confirmed it.</summary>
internal static class WeightChart
{
    public static Html Of(RolloutStatus status, IReadOnlyList<JournalRecord> journal, DateTimeOffset now)
    {
        DateTimeOffset end = status.FinishedAt ?? now;
        (DateTimeOffset At, double Value)[] changes = [(status.StartedAt, 0), .. Changes(journal)];
        Plot plot = new(status.StartedAt, end, 0, status.MaxWeight);
        string says = $"Weight of the canary over time: {string.Join(", ", changes.Select(c => $"{c.Value} at {c.At.UtcDateTime:HH:mm:ss}"))}";
        return Html.Of(
            $"""
            <h2>Weight over time</h2>
            <figure class="chart">
            <div class="plot"><span class="top">{status.MaxWeight}</span><span class="bottom">0</span>{Plot.Draw(says, plot.Steps("weight", changes))}</div>
            <figcaption><span>{Shown(status.StartedAt, end)}</span> <span>{Shown(end, status.StartedAt)}</span></figcaption>
            </figure>
            """);
    }

    private static string Shown(DateTimeOffset at, DateTimeOffset other) =>
        at.UtcDateTime.Date == other.UtcDateTime.Date ? $"{at.UtcDateTime:HH:mm:ss} UTC" : $"{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC";

    private static IEnumerable<(DateTimeOffset At, double Value)> Changes(IReadOnlyList<JournalRecord> journal)
    {
        int weight = 0;
        foreach (JournalEntry entry in journal.Select(r => r.Entry).OfType<JournalEntry>())
        {
            if (entry.Weight != weight)
            {
                weight = entry.Weight;
                yield return (entry.At, weight);
            }
        }
    }
}
