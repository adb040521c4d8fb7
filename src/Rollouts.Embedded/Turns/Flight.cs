using Rollouts.Embedded.State;
using Rollouts.Machine;

namespace Rollouts.Embedded.Turns;

/// <summary>A generation whose effects are being performed.</summary>
internal sealed class Flight(Generation generation, DateTimeOffset? due) : IDisposable
{
    private readonly CancellationTokenSource interrupt = new();

    public Generation Generation { get; } = generation;

    /// <summary>When the turn that began this was due; null when something else than time began it.</summary>
    public DateTimeOffset? Due { get; } = due;

    /// <summary>Cancelled when a decision has come in: what may be broken off is, and nothing new is begun.</summary>
    public CancellationToken Interrupted => interrupt.Token;

    /// <summary>Ends when the generation has landed.</summary>
    public Task Task { get; set; } = Task.CompletedTask;

    public void Interrupt() =>
        // Never on the caller's thread: what hangs on the token is the ports' code.
        _ = interrupt.CancelAsync();

    public void Dispose() => interrupt.Dispose();
}

/// <summary>What performing the effects of a generation brought.</summary>
/// <param name="Observations">Those known before, then those of the effects.</param>
/// <param name="Complete">Whether every effect was performed.</param>
internal sealed record EffectResults(IReadOnlyList<Observation> Observations, bool Complete);
