using Rollouts.Analysis;
using Rollouts.Ledger;

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
    /// <param name="asked">What was asked before it.</param>
    /// <param name="attempt">The attempt before it; a retry begins to count anew.</param>
    private void CountDecision(Question? asked, int attempt)
    {
        bool goesOn = rollout.Attempt == attempt;
        int[] answers = asked is not null && rollout.Question?.Id != asked.Id ? [(int)Math.Clamp((now - asked.AskedAt).TotalSeconds, 0, int.MaxValue)] : [];
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
        FailedTemplates = rollout.Outcome == RolloutOutcome.RolledBack ? FailedTemplates() : [],
        Decisions = rollout.Decisions,
        AnswersTook = rollout.AnswersTook,
    };

    private string[] FailedTemplates()
    {
        HashSet<string> failed =
        [
            .. new[] { rollout.Analysis, rollout.Background }.OfType<AnalysisRun>().SelectMany(r => r.Metrics)
                .Where(m => !m.Metric.DryRun && m.Phase is (MeasurementPhase.Failed or MeasurementPhase.Error))
                .Select(m => m.Metric.Name),
        ];
        return [.. rollout.Release.Templates.Where(t => t.Value.Metrics.Any(m => failed.Contains(m.Name))).Select(t => t.Key).Order(StringComparer.Ordinal)];
    }
}
