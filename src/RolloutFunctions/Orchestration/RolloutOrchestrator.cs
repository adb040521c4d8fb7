using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Rollouts.Journal;
using Rollouts.Machine;

namespace RolloutFunctions.Orchestration;

/// <summary>One generation of a rollout: do what the last turn listed, wait, read the decisions, take the next turn, continue as new.</summary>
public static class RolloutOrchestrator
{
    public const string Name = "Rollout";

    /// <summary>The event that ends a wait. It carries nothing: what was decided stands in the journal.</summary>
    public const string WakeEvent = "decision";

    /// <summary>No wait is longer, because a wake-up may be lost.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How much later a timer is set than the turn is due. Azure Storage hides a message for whole seconds, what is over is cut off: without this a timer
    /// fires up to a second early, and one generation after the other passes until the time has come.
    /// </summary>
    public static readonly TimeSpan TimerSlack = TimeSpan.FromSeconds(1);

    /// <returns>The last generation, once nothing is left to do.</returns>
    [Function(Name)]
    public static Task<Generation?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, Generation generation) =>
        RunAsync(context, generation, RolloutMachine.Advance);

    internal static async Task<Generation?> RunAsync(
        TaskOrchestrationContext context, Generation generation, Func<Rollout, IReadOnlyList<Observation>, DateTimeOffset, Turn> advance)
    {
        Turn turn = StoredTurn.Read(generation.Turn);
        context.SetCustomStatus(RolloutSummary.Of(turn));
        List<Observation> seen = [];
        foreach (IGrouping<int, Effect> sideBySide in turn.Effects.GroupBy(e => e.Order).OrderBy(g => g.Key))
        {
            seen.AddRange((await Task.WhenAll(sideBySide.Select(e => context.PerformAsync(turn.Rollout, e)).ToArray())).OfType<Observation>());
        }

        // One wait without a token stays open to the end of the generation: one that is left or cancelled would swallow the next event.
        Task<string> wake = context.WaitForExternalEvent<string>(WakeEvent);
        if (!generation.WokenEarly && !wake.IsCompleted && turn.WaitsUntil(context.CurrentUtcDateTime) is { } until)
        {
            using var timer = new CancellationTokenSource();
            if (await Task.WhenAny(context.CreateTimer(until, timer.Token), wake) == wake)
            {
                timer.Cancel();
            }
        }

        while (wake.IsCompleted)
        {
            wake = context.WaitForExternalEvent<string>(WakeEvent);
        }

        DecisionPage unread = await context.ReadDecisionsAsync(turn.Rollout);
        seen.AddRange(unread.Decisions.Select(d => new DecisionRead(d.Sequence, d.Decision)));
        Turn next = advance(turn.Rollout, seen, context.CurrentUtcDateTime);
        Generation following = new(StoredTurn.Write(next), generation.Number + 1, wake.IsCompleted || unread.HasMore);
        if (next.Rollout.IsFinished && next.Effects.Count == 0 && !following.WokenEarly)
        {
            return following;
        }

        // Events left over are dropped; that one came is handed on above.
        context.ContinueAsNew(following, preserveUnprocessedEvents: false);
        return null;
    }

    private static DateTime? WaitsUntil(this Turn turn, DateTime now)
    {
        // Whether there is a timer follows from what is due alone, so that histories stay valid; the runtime does not compare the times of timers.
        DateTime latest = now + LongestWait;
        DateTime due = turn.WakeAt?.UtcDateTime ?? latest;
        return due <= now || turn.Rollout.IsFinished ? null : due < latest - TimerSlack ? due + TimerSlack : latest;
    }
}
