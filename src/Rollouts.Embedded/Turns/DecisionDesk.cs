using Rollouts.Embedded.State;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Embedded.Turns;

/// <summary>Takes decisions: appends them to the journal and, in the same transaction, moves a rollout that sleeps. Runs on the writer.</summary>
internal sealed class DecisionDesk(TurnTaker turns)
{
    /// <summary>Appends a decision to a journal, whether or not there is a rollout to it.</summary>
    public (DecisionAppend Append, Wake Wake) Append(Tables tables, string id, Decision decision)
    {
        long key = tables.Journal.FindOrCreate(id);
        DecisionAppend append = tables.Journal.Append(key, decision);
        return append.Outcome == DecisionAppendOutcome.Appended && tables.Generations.Find(key) is { } current
            ? (append, Wake(tables, current))
            : (append, default);
    }

    /// <summary>Takes a decision on a rollout; what moves a finished one reopens its journal.</summary>
    public (DecisionReceipt Receipt, Wake Wake) Take(Tables tables, string id, Decision decision)
    {
        if (tables.Journal.Find(id) is not { } key || tables.Generations.Find(key) is not { } current)
        {
            return (new DecisionReceipt(DecisionOutcome.NotFound, null), default);
        }

        RolloutStatus status = RolloutStatusView.Of(current.Rollout, current.WakeAt);
        DecisionAppend append = tables.Journal.Append(key, decision);
        if (append.Outcome == DecisionAppendOutcome.Closed
            && decision.Refused is null
            && RolloutMachine.Reopens(current.Rollout, decision.Command))
        {
            if (tables.Targets.Owner(current.Rollout.Release.Target, key) is { } owner)
            {
                return (new DecisionReceipt(DecisionOutcome.TargetOwned, status, owner.Id), default);
            }

            tables.Targets.Own(current.Rollout.Release.Target, key);
            tables.Journal.Reopen(key);
            append = tables.Journal.Append(key, decision);
        }

        return append.Outcome switch
        {
            DecisionAppendOutcome.Appended => (new DecisionReceipt(DecisionOutcome.Accepted, status), Wake(tables, current)),
            DecisionAppendOutcome.AlreadyThere => (new DecisionReceipt(DecisionOutcome.AlreadyAccepted, status), default),
            DecisionAppendOutcome.IdTaken => (new DecisionReceipt(DecisionOutcome.IdTaken, status), default),
            _ => (new DecisionReceipt(DecisionOutcome.AlreadyFinished, status), default),
        };
    }

    private Wake Wake(Tables tables, Generation current) =>
        current.Sleeps ? new Wake(turns.Next(tables, current), null) : new Wake(null, current.Key);
}

/// <summary>What follows a decision once it is committed.</summary>
/// <param name="Next">The generation that a sleeping rollout went on to.</param>
/// <param name="Interrupt">The key of a rollout whose effects are under way.</param>
internal readonly record struct Wake(Generation? Next, long? Interrupt);
