using Rollouts.Journal;
using Rollouts.Questions;
using Rollouts.Traffic;

namespace Rollouts.Machine;

/// <summary>One turn while it is being taken: the rollout as changed so far.</summary>
internal sealed partial class TurnInProgress(Rollout rollout, DateTimeOffset now)
{
    /// <summary>Beyond this many unrecorded entries, measurements are left out first: the state has to stay small while the journal is away.</summary>
    private const int MostUnrecorded = 40;

    private Rollout rollout = rollout;

    public void Begin(string startedBy)
    {
        TellStart();
        string why = rollout.Release.Reason is { Length: > 0 } reason ? $" ({reason})" : "";
        Record(EventType.RolloutStarted, $"Rollout started by {startedBy}{why}: {rollout.Release.Steps.Count} steps", by: startedBy);
        if (rollout.Release.Paused)
        {
            rollout = rollout with { ManualPause = new ManualPause(startedBy, now) };
            Record(EventType.RolloutPaused, "manually paused: spec.paused is true", by: startedBy);
        }
    }

    private int Weight => rollout.Applied?.CanaryWeight ?? 0;

    private void Record(
        string type, string message, DecisionRead? decision = null, string? by = null, string? metric = null, string? value = null)
    {
        if (decision?.Decision.Id is { } answered && rollout.LastAnswer?.DecisionId != answered)
        {
            rollout = rollout with { LastAnswer = new DecisionAnswer(answered, type != EventType.DecisionRejected, message) };
        }

        int number = rollout.EntriesWritten + 1;
        JournalEntry entry = new()
        {
            Number = number,
            At = now,
            Type = type,
            Step = rollout.CurrentStep is null || rollout.Stage == RolloutStage.Preparing ? null : rollout.StepIndex,
            Weight = Weight,
            Message = message,
            DecisionId = decision?.Decision.Id,
            By = by ?? decision?.Decision.By,
            Metric = metric,
            Value = value,
        };
        IEnumerable<JournalEntry> kept = rollout.Unrecorded.Count < MostUnrecorded
            ? rollout.Unrecorded
            : rollout.Unrecorded.Where(e => !IsMinor(e)).TakeLast(MostUnrecorded);
        rollout = rollout with { EntriesWritten = number, Unrecorded = [.. kept, entry] };
    }

    private void Want(TrafficSplit split, bool evenIfUnchanged = false)
    {
        if (!evenIfUnchanged && split.Equals(rollout.Desired))
        {
            return;
        }

        rollout = rollout with
        {
            Desired = split,
            DesiredSince = now,
            TrafficRevision = rollout.TrafficRevision + 1,
            Failing = Without(nameof(RouteTraffic)),
        };
    }

    private FailingEffect[] Without(string effect) => [.. rollout.Failing.Where(f => f.Effect != effect)];

    private void BeginRollback(RolloutOutcome outcome, string reason, DecisionRead? decision = null)
    {
        CloseQuestion(QuestionEnding.Superseded, $"closed, because the rollout is rolled back ({reason})");
        bool puttingBack = StableIsTouched;
        rollout = rollout with
        {
            Stage = RolloutStage.RollingBack,
            Ending = outcome,
            Message = reason,
            ManualPause = null,
            InconclusiveSince = null,
            Drift = null,
            LookWantedSince = null,
            Share = null,
        };
        EndBackground(tell: false);
        Record(EventType.RolloutAborted, $"Rollout aborted: {reason}", decision);
        if (rollout.Workload is { } workload)
        {
            rollout = rollout with { Workload = workload with { PuttingBack = puttingBack, ProgressedAt = now, DeadlineExceeded = false } };
            PlanTheWayBack();
            if (puttingBack)
            {
                Record(
                    EventType.RolloutHalted,
                    $"The canary keeps its traffic, because the stable version is being updated: that is brought to {WayBack} first");
            }
        }

        Want(RollbackSplit(), evenIfUnchanged: true);
    }

    private void End(RolloutOutcome outcome, string type, string message)
    {
        CloseQuestion(QuestionEnding.Superseded, $"closed, because the rollout has ended ({outcome}: {message})");
        rollout = rollout with
        {
            Stage = RolloutStage.Closing,
            Ending = null,
            Outcome = outcome,
            Message = message,
            FinishedAt = now,
            ManualPause = null,
            Failing = [],
        };
        Record(type, message);
        BeginRetirement(outcome);
    }
}
