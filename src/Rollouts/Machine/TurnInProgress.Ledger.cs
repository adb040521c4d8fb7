using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Questions;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    private const int MostAnswers = 50;
    private const int MostMessage = 500;

    /// <summary>An attempt that came to anything is written into the ledger before the journal is closed.</summary>
    private bool IsLedgerDue => rollout.LedgeredAttempt < rollout.Attempt && rollout.Outcome is not (null or RolloutOutcome.Invalid);

    private IEnumerable<Effect> Ledgering()
    {
        if (rollout.Stage == RolloutStage.Closing && IsLedgerDue && MayTry(nameof(RecordLedger)))
        {
            yield return new RecordLedger(LedgerRow()) { Order = 1 };
        }
    }

    private void Ledgered(LedgerRecorded recorded)
    {
        Recover(nameof(RecordLedger));
        rollout = rollout with { LedgeredAttempt = Math.Max(rollout.LedgeredAttempt, recorded.Attempt) };
    }

    /// <summary>Counts a decision that was taken.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="asked">What was asked before it.</param>
    /// <param name="attempt">The attempt before it; a retry begins to count anew.</param>
    private void CountDecision(Decision decision, Question? asked, int attempt)
    {
        bool goesOn = rollout.Attempt == attempt;
        bool answered = asked is not null
            && rollout.LastQuestion is { Ending: QuestionEnding.Promoted or QuestionEnding.Aborted } last && last.Id == asked.Id && last.By == decision.By;
        int[] answers = answered ? [(int)Math.Clamp((now - asked!.AskedAt).TotalSeconds, 0, int.MaxValue)] : [];
        rollout = rollout with
        {
            Decisions = (goesOn ? rollout.Decisions : 0) + 1,
            AnswersTook = goesOn ? [.. rollout.AnswersTook.Concat(answers).TakeLast(MostAnswers)] : [],
        };
    }

    private LedgerRow LedgerRow() => new()
    {
        RolloutId = rollout.Id,
        Attempt = rollout.Attempt,
        Service = $"{rollout.Release.Namespace}/{rollout.Release.Name}",
        Outcome = rollout.Outcome!.Value,
        StartedAt = rollout.AttemptStartedAt,
        FinishedAt = rollout.FinishedAt ?? now,
        Message = rollout.Message.Length <= MostMessage ? rollout.Message : rollout.Message[..MostMessage],
        Templates = [.. rollout.Release.Templates.Keys.Order(StringComparer.Ordinal)],
        FailedTemplates = rollout.Outcome == RolloutOutcome.RolledBack ? rollout.FailedTemplates ?? TemplatesOfAnyRun() : [],
        Decisions = rollout.Decisions,
        AnswersTook = rollout.AnswersTook,
    };

    /// <summary>
    /// The templates of the metrics because of which a run is not a success: of those that failed, else of those that were inconclusive, else of those that
    /// starve.
    /// </summary>
    private string[] TemplatesToBlame(AnalysisRun run)
    {
        MetricResult[] counted = [.. run.Metrics.Where(m => !m.Metric.DryRun)];
        IEnumerable<MetricResult>[] kinds =
        [
            counted.Where(m => m.Phase is MeasurementPhase.Failed or MeasurementPhase.Error),
            counted.Where(m => m.Phase is MeasurementPhase.Inconclusive),
            counted.Where(m => !m.IsCompleted && !run.IsCompleted && StarvesSince(run, m) is not null),
        ];
        return [.. (kinds.FirstOrDefault(k => k.Any()) ?? []).SelectMany(m => TemplatesOf(m.Metric)).Distinct().Order(StringComparer.Ordinal)];
    }

    // An attempt that an earlier build ended does not say which run ended it.
    private string[] TemplatesOfAnyRun() =>
        [.. new[] { rollout.Analysis, rollout.Background }.OfType<AnalysisRun>().SelectMany(TemplatesToBlame).Distinct()];

    // A run that an earlier build began knows the names of its metrics only.
    private IEnumerable<string> TemplatesOf(Metric metric) => metric.Template is { } template
        ? [template]
        : rollout.Release.Templates.Where(t => t.Value.Metrics.Any(m => m.Name == metric.Name)).Select(t => t.Key);
}
