using Rollouts.Sandbox.Ingress;

namespace Rollouts.Cli.Demo;

/// <summary>
/// Cuts the sandbox's traffic into windows of one weight each. A window opens a moment after the weight was confirmed, so that requests that nginx's old
/// workers still answer are not counted, and closes with the last look before the next change.
/// </summary>
internal sealed class TrafficWindows(TimeProvider time)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private readonly List<TrafficWindow> windows = [];
    private TrafficCounts? opened;
    private TrafficCounts? last;
    private int weight = -1;
    private DateTimeOffset since;

    /// <summary>Takes note of a weight and of the traffic so far.</summary>
    public void Look(int confirmedWeight, bool changing, TrafficCounts now)
    {
        if (confirmedWeight != weight || changing)
        {
            Close();
            weight = confirmedWeight;
            since = time.GetUtcNow();
            return;
        }

        if (opened is null && time.GetUtcNow() - since >= Settling)
        {
            opened = now;
        }

        last = now;
    }

    /// <summary>The windows in order, the one that is open closed.</summary>
    public IReadOnlyList<TrafficWindow> Close()
    {
        if (opened is not null && last is not null && (last - opened).Weighted > 0)
        {
            windows.Add(new TrafficWindow(weight, last - opened));
        }

        opened = last = null;
        return windows;
    }
}

/// <summary>What nginx did while a weight was in force.</summary>
internal sealed record TrafficWindow(int Weight, TrafficCounts Counts);
