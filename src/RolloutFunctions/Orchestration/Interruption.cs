using Rollouts;
using Rollouts.Journal;

namespace RolloutFunctions.Orchestration;

/// <summary>
/// Breaks an activity off once a decision comes in. The activity looks for itself, because the orchestrator can't: what it left running would go on to the
/// end, and a wake-up may be lost.
/// </summary>
public sealed class Interruption(IRolloutJournal journal, TimeProvider time)
{
    /// <summary>How often the journal is asked. Most queries are answered before the first time.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public async Task<EffectOutcome> RunAsync(
        EffectWork work, Func<CancellationToken, Task<EffectOutcome>> activity, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<EffectOutcome> running = activity(either.Token);
        while (!running.IsCompleted)
        {
            using var rest = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (await Task.WhenAny(running, Task.Delay(Every, time, rest.Token)).ConfigureAwait(false) == running)
            {
                await rest.CancelAsync().ConfigureAwait(false);
            }
            else if (await IsDecidedAsync(work, cancellationToken).ConfigureAwait(false))
            {
                await either.CancelAsync().ConfigureAwait(false);
                break;
            }
        }

        try
        {
            return await running.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EffectOutcome(null);
        }
    }

    private async Task<bool> IsDecidedAsync(EffectWork work, CancellationToken cancellationToken)
    {
        try
        {
            return (await journal.ReadDecisionsAsync(work.RolloutId, work.LastDecision, cancellationToken).ConfigureAwait(false)).Count > 0;
        }
        catch (PortException)
        {
            return false;
        }
    }
}
