using Microsoft.DurableTask;
using Rollouts;
using Rollouts.Journal;
using Rollouts.Machine;

namespace RolloutFunctions.Orchestration;

/// <summary>The orchestrator's calls of activities.</summary>
internal static class ActivityCalls
{
    // Only for activities that break down altogether: what a cluster, metric store or journal refuses is an observation, and trying again the machine's.
    private static readonly TaskOptions Retries = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(1), 2));

    public static async Task<Observation?> PerformAsync(this TaskOrchestrationContext context, Rollout rollout, Effect effect)
    {
        string activity = EffectActivities.NameOf(effect);
        try
        {
            EffectWork work = new(rollout.Id, effect, rollout.LastDecision);
            return (await context.CallActivityAsync<EffectOutcome>(activity, work, Retries)).Observation;
        }
        catch (TaskFailedException failure)
        {
            return new EffectFailed(effect, FailureKind.Transient, $"unexpected {failure.FailureDetails.ErrorType}; the app's log has more");
        }
    }

    /// <summary>The unread decisions. When the journal can't be read there are none for now; they stand there for the next turn.</summary>
    public static async Task<DecisionPage> ReadDecisionsAsync(this TaskOrchestrationContext context, Rollout rollout)
    {
        try
        {
            return await context.CallActivityAsync<DecisionPage>(
                EffectActivities.ReadDecisionsName, new DecisionsAfter(rollout.Id, rollout.LastDecision), Retries);
        }
        catch (TaskFailedException)
        {
            return new DecisionPage([], false);
        }
    }
}
