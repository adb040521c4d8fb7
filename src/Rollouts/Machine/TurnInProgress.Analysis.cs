using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    /// <summary>A due measurement that has brought no observation at all for this long counts as one that can't be taken.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(10);

    private RolloutPolicy Policy => rollout.Release.Policy;

    private void StartRun(AnalysisStep step)
    {
        string id = $"run-{rollout.RunsStarted + 1}";
        (IReadOnlyList<Metric>? metrics, IReadOnlyList<ArgumentProblem> problems) = ArgumentResolution.Resolve(
            [.. step.Templates.Select(t => rollout.Release.Templates[t.Key])], step.Args, rollout.StableHash, rollout.CanaryHash, step.DryRun);
        rollout = rollout with
        {
            RunsStarted = rollout.RunsStarted + 1,
            Analysis = metrics is null
                ? AnalysisRunner.Unresolved(id, $"Unable to resolve metric arguments: {string.Join("; ", problems.Select(p => p.Message))}", now)
                : AnalysisRunner.Start(id, metrics, now),
        };
        Record(EventType.AnalysisRunRunning, $"Analysis {id} begins: {string.Join(", ", step.Templates.Select(t => t.Name))}");
    }

    private bool WalkAnalysis(AnalysisStep step)
    {
        if (rollout.Analysis is not { } run)
        {
            StartRun(step);
            return true;
        }

        if (!run.IsCompleted)
        {
            run = AnalysisRunner.Assess(run, AnalysisRules.Of(Policy), now);
            rollout = rollout with { Analysis = run };
            if (!run.IsCompleted)
            {
                return ExpireQuestion() || WalkStarvation(run);
            }

            RecordVerdict(run);
        }

        switch (run.Phase)
        {
            case MeasurementPhase.Successful:
                Withdraw();
                return CompleteStep();
            case MeasurementPhase.Inconclusive:
                return ExpireQuestion() || WalkInconclusive(step, run);
            default:
                BeginRollback(RolloutOutcome.RolledBack, $"Step-based analysis phase error/failed: {run.Message}");
                return true;
        }
    }

    private void RecordVerdict(AnalysisRun run) => Record(
        run.Phase switch
        {
            MeasurementPhase.Successful => EventType.AnalysisRunSuccessful,
            MeasurementPhase.Failed => EventType.AnalysisRunFailed,
            MeasurementPhase.Inconclusive => EventType.AnalysisRunInconclusive,
            _ => EventType.AnalysisRunError,
        },
        $"Analysis {run.Id} completed: {run.Phase}{(run.Message is { } why ? $", {why}" : "")}");

    private bool WalkInconclusive(AnalysisStep step, AnalysisRun run)
    {
        DateTimeOffset since = rollout.InconclusiveSince ?? run.CompletedAt!.Value;
        UnclearPolicy unclear = Policy.Inconclusive;
        bool waits = unclear.Action == UnclearAction.Wait && now < since + unclear.For;
        if (!waits)
        {
            return Resolve(unclear.Action == UnclearAction.Wait ? unclear.Then : unclear.Action, QuestionKind.Inconclusive, run.Message ?? "inconclusive");
        }

        rollout = rollout with { InconclusiveSince = since };
        if (now < run.CompletedAt + AnalysisRunner.ErrorRetryInterval)
        {
            return false;
        }

        StartRun(step);
        return true;
    }

    /// <summary>Metrics that get no data, or no answer, hold the rollout where it is until data comes back or patience ends.</summary>
    private bool WalkStarvation(AnalysisRun run)
    {
        foreach (MetricResult metric in run.Metrics.Where(m => !m.Metric.DryRun && !m.IsCompleted))
        {
            if (StarvesSince(run, metric) is not { } since)
            {
                continue;
            }

            QuestionKind kind = StarvationKind(metric);
            UnclearPolicy unclear = PolicyFor(kind);
            bool outOfPatience = now >= since + PatienceWith(unclear)
                || metric.ConsecutiveError > (metric.Metric.ConsecutiveErrorLimit ?? int.MaxValue);
            if (!outOfPatience)
            {
                continue;
            }

            string what = kind == QuestionKind.NoData ? "has no data" : $"can't be measured ({LastMessage(metric)})";
            UnclearAction action = unclear.Action == UnclearAction.Wait ? unclear.Then : unclear.Action;
            return Resolve(action, kind, $"metric \"{metric.Metric.Name}\" {what} since {GoDuration.Format(Whole(now - since))}");
        }

        if (rollout.Question is not null && !run.Metrics.Any(m => StarvesSince(run, m) is not null))
        {
            Withdraw();
        }

        return false;
    }

    private DateTimeOffset? StarvesSince(AnalysisRun run, MetricResult metric) =>
        metric.StarvedSince is { } since ? since
        : AnalysisRunner.DueAt(run, metric) is { } due && now >= due + SilenceLimit ? due
        : null;

    private static QuestionKind StarvationKind(MetricResult metric) =>
        metric is { StarvedSince: not null, Measurements: [.., { NoData: true }] } ? QuestionKind.NoData : QuestionKind.Error;

    private static string LastMessage(MetricResult metric) =>
        metric.Measurements is [.., { Message: { } message }] ? message : "no answer";

    private UnclearPolicy PolicyFor(QuestionKind kind) => kind == QuestionKind.NoData ? Policy.NoData : Policy.Error;

    private static TimeSpan PatienceWith(UnclearPolicy unclear) => unclear.Action == UnclearAction.Wait ? unclear.For : TimeSpan.Zero;

    private bool Resolve(UnclearAction action, QuestionKind kind, string evidence)
    {
        switch (action)
        {
            case UnclearAction.Abort:
                BeginRollback(RolloutOutcome.RolledBack, $"Step-based analysis phase error/failed: {evidence}");
                return true;
            case UnclearAction.Continue when rollout.ManualPause is null:
                Record(EventType.ContinuedByPolicy, $"The policy continues although {evidence}");
                return CompleteStep();
            case UnclearAction.Continue:
                return false;
            default:
                Ask(kind, evidence);
                return false;
        }
    }

    private void Ask(QuestionKind kind, string evidence)
    {
        if (rollout.Question is { } open && (open.Kind == kind || (IsStarvation(open.Kind) && IsStarvation(kind))))
        {
            return;
        }

        int number = rollout.QuestionsAsked + 1;
        DateTimeOffset? expires = now + Policy.Question.OpenFor;
        rollout = rollout with
        {
            QuestionsAsked = number,
            Question = new Question($"q{number}", kind, now, expires, evidence),
        };
        string end = expires is null ? "" : $"; without an answer within {OpenFor()} the policy {(ContinuesOnExpiry ? "continues" : "aborts")}";
        Record(EventType.QuestionAsked, $"{rollout.Question.Id} ({kind}): {evidence}; promote goes on, abort rolls back{end}");
    }

    private static bool IsStarvation(QuestionKind kind) => kind is QuestionKind.NoData or QuestionKind.Error;

    private void Withdraw()
    {
        if (rollout.Question is not { } open)
        {
            return;
        }

        rollout = rollout with { Question = null };
        Record(EventType.QuestionWithdrawn, $"{open.Id} ({open.Kind}) is withdrawn: measurements bring data again");
    }

    private bool ContinuesOnExpiry => Policy.Question.OnExpiry == UnclearAction.Continue;

    private bool ExpireQuestion()
    {
        if (rollout.Question is not { } open || open.ExpiresAt is not { } expires || now < expires)
        {
            return false;
        }

        if (!ContinuesOnExpiry)
        {
            Record(EventType.QuestionExpired, $"Nobody answered {open.Id} within {OpenFor()}");
            BeginRollback(RolloutOutcome.Aborted, $"nobody answered {open.Id} ({open.Kind}: {open.Message}) within {OpenFor()}");
            return true;
        }

        if (rollout.ManualPause is not null)
        {
            return false;
        }

        Record(EventType.QuestionExpired, $"Nobody answered {open.Id} within {OpenFor()}");
        Record(EventType.ContinuedByPolicy, $"The policy continues although nobody answered {open.Id}");
        return CompleteStep();
    }

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromSeconds(Math.Floor(time.TotalSeconds));
}
