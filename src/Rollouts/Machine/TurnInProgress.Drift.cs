using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Questions;
using Rollouts.Traffic;

namespace Rollouts.Machine;

/// <summary>What others write to the target while the rollout has it. The looks keep the lease on it alive, too.</summary>
internal sealed partial class TurnInProgress
{
    /// <summary>How often the target is looked at while nothing else is written to it.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(5);

    /// <summary>What was read this recently is not read again before a change.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    /// <summary>A change does not wait for a look longer than this: the write itself is conditional on what is there.</summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromMinutes(1);

    private bool IsWatched => rollout is { Stage: RolloutStage.Stepping or RolloutStage.Promoting, OwnsTarget: true, IsTrafficSettled: true };

    /// <summary>Whether the target is kept, and its lease with it: also while a rollback does not get through, or pods wait for their end.</summary>
    private bool IsHolding => rollout.OwnsTarget
        && (rollout.Stage is RolloutStage.Stepping or RolloutStage.Promoting or RolloutStage.RollingBack || (rollout.Stage == RolloutStage.Closing && OwesTheWorkload));

    private bool IsCurrent(long revision) => IsWatched && revision == rollout.TrafficRevision;

    /// <summary>Whether the target has to be looked at before it is changed.</summary>
    private bool LooksFirst()
    {
        DateTimeOffset since = rollout.LookWantedSince ?? now;
        if (rollout.TrafficSeenAt is null || now <= rollout.TrafficSeenAt + FreshFor || now >= since + LookLimit)
        {
            rollout = rollout with { LookWantedSince = null };
            return false;
        }

        rollout = rollout with { LookWantedSince = since };
        return true;
    }

    private IEnumerable<Effect> Looking()
    {
        bool isDue = (IsWatched && rollout.LookWantedSince is not null) || now >= rollout.TrafficSeenAt + LookInterval;
        if (IsHolding && isDue && MayTry(nameof(InspectTraffic)))
        {
            yield return new InspectTraffic(rollout.Release.Target, rollout.Desired, rollout.TrafficRevision);
        }
    }

    private IEnumerable<DateTimeOffset?> LookTimes()
    {
        if (IsHolding)
        {
            yield return rollout.TrafficSeenAt + LookInterval is { } next && next > now ? next : null;
        }

        if (!IsWatched)
        {
            yield break;
        }

        yield return rollout.LookWantedSince + LookLimit is { } limit && limit > now ? limit : null;
        yield return rollout.Share is { Passed: false, NextAt: var count } && count > now && IsCounted ? count : null;
    }

    private void Seen(TrafficInspected seen)
    {
        if (!IsHolding)
        {
            return;
        }

        Recover(nameof(InspectTraffic));
        rollout = rollout with { TrafficSeenAt = now, LookWantedSince = null };
        if (!IsCurrent(seen.Revision))
        {
            return;
        }

        if (seen.Split.Equals(rollout.Desired))
        {
            PutRight();
            return;
        }

        if (seen.Split.Equals(rollout.Drift))
        {
            return;
        }

        // The promise of the last stage is all traffic for the canary: nothing else can be adopted there.
        DriftAction action = rollout.Stage == RolloutStage.Promoting ? DriftAction.Restore : Policy.Drift;
        string what = $"Somebody else has changed the traffic: {rollout.Desired} was written, {seen.Split} is there";
        switch (action)
        {
            case DriftAction.Adopt:
                Record(EventType.TrafficDrift, $"{what}; the policy adopts it");
                Adopt(seen.Split);
                break;
            case DriftAction.Ask:
                Record(EventType.TrafficDrift, what);
                rollout = rollout with { Drift = seen.Split };
                break;
            default:
                Record(EventType.TrafficDrift, $"{what}; it is put back");
                rollout = rollout with { Applied = seen.Split };
                Want(rollout.Desired, evenIfUnchanged: true);
                break;
        }
    }

    /// <summary>Asks about a drift, as soon as nothing more urgent is asked, and closes the question when its time is over.</summary>
    private bool WalkDrift()
    {
        if (ExpireQuestion(AnalysisSubject.Traffic))
        {
            return true;
        }

        if (rollout.Drift is { } drift && rollout.Question is not { Kind: QuestionKind.Drift })
        {
            Ask(
                AnalysisSubject.Traffic,
                QuestionKind.Drift,
                $"somebody else has changed the traffic: {rollout.Desired} was written, {drift} is there; promote adopts it");
        }

        return false;
    }

    /// <summary>Goes on from a question about traffic.</summary>
    private void OverruleTraffic(Question open)
    {
        if (open.Kind == QuestionKind.Drift && rollout.Drift is { } drift)
        {
            Adopt(drift);
        }

        if (rollout.Share is { Passed: false } share)
        {
            rollout = rollout with { Share = share with { Passed = true } };
        }
    }

    private void Adopt(TrafficSplit split)
    {
        TrafficSplit before = rollout.Desired;
        rollout = rollout with { Applied = split, Drift = null };
        if (rollout.Workload is null)
        {
            rollout = rollout with { Desired = split };
        }
        else
        {
            Seek(split);
        }

        if (before.CanaryWeight != split.CanaryWeight)
        {
            Record(EventType.TrafficWeightUpdated, $"Traffic weight updated from {before.CanaryWeight} to {split.CanaryWeight}");
        }

        RecordRoutes(before, split);
    }

    private void PutRight()
    {
        if (rollout.Drift is null)
        {
            return;
        }

        rollout = rollout with { Drift = null };
        if (rollout.Question is { Kind: QuestionKind.Drift } open)
        {
            CloseQuestion(QuestionEnding.Withdrawn, "withdrawn: the traffic is as it was written again");
            Record(EventType.QuestionWithdrawn, $"{open.Id} ({open.Kind}) is withdrawn: the traffic is as it was written again");
            if (open.AnswersStep && IsStepForPeople)
            {
                AskForPause();
            }
        }
    }
}
