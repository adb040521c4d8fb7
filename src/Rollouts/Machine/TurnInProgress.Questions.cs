using Rollouts.Journal;
using Rollouts.Policy;
using Rollouts.Questions;
using Rollouts.Steps;

namespace Rollouts.Machine;

internal sealed partial class TurnInProgress
{
    private bool ContinuesOnExpiry => Policy.Question.OnExpiry == UnclearAction.Continue;

    /// <summary>Whether the step under way can only be ended by a person.</summary>
    private bool IsStepForPeople => rollout is { Stage: RolloutStage.Stepping, CurrentStep: PauseStep { Duration: null }, StepStartedAt: not null };

    private bool IsInconclusiveAsked(AnalysisSubject subject) =>
        rollout.Question is { Kind: QuestionKind.Inconclusive } open && open.Subject == subject;

    /// <summary>
    /// Asks, unless it is asked already. One question is open at a time: one about an analysis beside the steps takes the place of the step's, and its
    /// answer answers both.
    /// </summary>
    private void Ask(AnalysisSubject subject, QuestionKind kind, string evidence)
    {
        Question? open = rollout.Question;
        bool isAsked = open is not null && open.Subject == subject && (open.Kind == kind || (IsStarvation(open.Kind) && IsStarvation(kind)));
        bool waitsForAnother = open is not null && open.Subject != subject && open.Subject != AnalysisSubject.Step;
        if (isAsked || waitsForAnother)
        {
            return;
        }

        if (open is { Subject: AnalysisSubject.Step } && subject != AnalysisSubject.Step)
        {
            evidence = $"{evidence}; beside that, {open.Message}";
        }

        CloseQuestion(QuestionEnding.Superseded, $"superseded by another question ({kind})");
        int number = rollout.QuestionsAsked + 1;
        DateTimeOffset? expires = now + Policy.Question.OpenFor;
        rollout = rollout with
        {
            QuestionsAsked = number,
            Question = new Question(
                $"q{number}", kind, now, expires, evidence, subject, subject == AnalysisSubject.Step || open is { AnswersStep: true }),
        };
        string end = expires is null ? "" : $"; without an answer within {OpenFor()} the policy {(ContinuesOnExpiry ? "continues" : "aborts")}";
        Record(EventType.QuestionAsked, $"{rollout.Question.Id} ({kind}): {evidence}; promote goes on, abort rolls back{end}");
    }

    private void AskForPause() =>
        Ask(AnalysisSubject.Step, QuestionKind.Pause, $"step {rollout.StepIndex + 1} waits for a person at weight {Weight}");

    private static bool IsStarvation(QuestionKind kind) => kind is QuestionKind.NoData or QuestionKind.Error;

    private void Withdraw(AnalysisSubject subject)
    {
        if (rollout.Question is not { } open)
        {
            return;
        }

        if (open.Subject != subject)
        {
            rollout = subject == AnalysisSubject.Step ? rollout with { Question = open with { AnswersStep = false } } : rollout;
            return;
        }

        CloseQuestion(QuestionEnding.Withdrawn, "withdrawn: measurements bring data again");
        Record(EventType.QuestionWithdrawn, $"{open.Id} ({open.Kind}) is withdrawn: measurements bring data again");
        if (subject != AnalysisSubject.Step && open.AnswersStep && IsStepForPeople)
        {
            AskForPause();
        }
    }

    /// <summary>Goes on from a question about an analysis beside the steps.</summary>
    private void Answer(Question open, string? by)
    {
        CloseQuestion(QuestionEnding.Promoted, by is null ? "answered by the policy" : $"promoted by {by}", by);
        if (open.AnswersStep && rollout is { Stage: RolloutStage.Stepping, StepStartedAt: not null })
        {
            CompleteStep(by);
        }

        if (open.Subject == AnalysisSubject.Traffic)
        {
            OverruleTraffic(open);
            return;
        }

        OverruleBeside(open.Subject);
    }

    private bool ExpireQuestion(AnalysisSubject subject)
    {
        if (rollout.Question is not { } open || open.Subject != subject || open.ExpiresAt is not { } expires || now < expires)
        {
            return false;
        }

        if (!ContinuesOnExpiry)
        {
            Record(EventType.QuestionExpired, $"Nobody answered {open.Id} within {OpenFor()}");
            CloseQuestion(QuestionEnding.Expired, $"rolled back by the policy: nobody answered within {OpenFor()}");
            BeginRollback(RolloutOutcome.Aborted, $"nobody answered {open.Id} ({open.Kind}: {open.Message}) within {OpenFor()}");
            return true;
        }

        if (rollout.ManualPause is not null)
        {
            return false;
        }

        Record(EventType.QuestionExpired, $"Nobody answered {open.Id} within {OpenFor()}");
        CloseQuestion(QuestionEnding.Expired, $"continued by the policy: nobody answered within {OpenFor()}");
        Record(EventType.ContinuedByPolicy, $"The policy continues although nobody answered {open.Id}");
        if (subject == AnalysisSubject.Step)
        {
            return CompleteStep();
        }

        Answer(open, by: null);
        return true;
    }
}
