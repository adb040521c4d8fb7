namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>When the rollout has to be over, by the policy's deadline; null without one, and once it is on its way to an end.</summary>
    private DateTimeOffset? DeadlineAt => rollout switch
    {
        { Stage: RolloutStage.Preparing or RolloutStage.Stepping } or { Stage: RolloutStage.Promoting, BakeStartedAt: not null, PromotedInFull: false } =>
            rollout.AttemptStartedAt + Policy.Deadline,
        _ => null,
    };

    private bool PassDeadline()
    {
        if (DeadlineAt is not { } deadline || now < deadline)
        {
            return false;
        }

        BeginRollback(RolloutOutcome.Aborted, $"the rollout was not over within its deadline of {GoDuration.Format(Policy.Deadline ?? TimeSpan.Zero)}");
        return true;
    }
}
