namespace Rollouts.Sandbox.KubernetesApi;

/// <summary>What shall go wrong with the next calls. A call meets at most one fault: the oldest that matches it.</summary>
public sealed class KubernetesFaults
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];

    /// <summary>How many faults have not happened yet.</summary>
    public int Remaining
    {
        get
        {
            lock (gate)
            {
                return entries.Sum(e => e.Times);
            }
        }
    }

    /// <summary>Lets a fault happen to the next calls that match.</summary>
    /// <param name="matches">Which calls; asked once for each call.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="times">How many calls it happens to. Default: one.</param>
    public void Add(Func<KubernetesCall, bool> matches, KubernetesFault fault, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (gate)
        {
            entries.Add(new(matches, fault) { Times = times });
        }
    }

    /// <summary>Forgets the faults that have not happened yet.</summary>
    public void Clear()
    {
        lock (gate)
        {
            entries.Clear();
        }
    }

    internal KubernetesFault? Take(KubernetesCall call)
    {
        lock (gate)
        {
            var entry = entries.Find(e => e.Matches(call));
            if (entry is not null && --entry.Times == 0)
            {
                entries.Remove(entry);
            }

            return entry?.Fault;
        }
    }

    private sealed class Entry(Func<KubernetesCall, bool> matches, KubernetesFault fault)
    {
        public Func<KubernetesCall, bool> Matches { get; } = matches;

        public KubernetesFault Fault { get; } = fault;

        public int Times { get; set; }
    }
}
