using System.Diagnostics.Metrics;

namespace Rollouts.Embedded.Turns;

/// <summary>Measurements of the engine itself, for whoever listens to the meter <c>Rollouts.Embedded</c>.</summary>
internal sealed class EngineMetrics : IDisposable
{
    private readonly Meter meter = new("Rollouts.Embedded");
    private readonly Histogram<double> dueToDone;

    public EngineMetrics() => dueToDone = meter.CreateHistogram<double>(
        "rollouts.embedded.due_to_done", "s", "From the time a rollout was due to the time all that came of it was done and stored");

    public void Done(TimeSpan sinceDue) => dueToDone.Record(sinceDue.TotalSeconds);

    public void Dispose() => meter.Dispose();
}
