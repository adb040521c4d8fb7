using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Approvals.Deciders;

/// <summary>Takes answers to questions and says in a sentence what became of them. Late ones are handed on too, so that they leave their trace.</summary>
/// <param name="engine">Whose rollouts.</param>
/// <param name="time">The clock.</param>
public sealed class AnswerDesk(IRolloutControl engine, TimeProvider time)
{
    private static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Hands a decision on and waits a moment for what the rollout says to it.</summary>
    public async Task<AnswerReceipt> AnswerAsync(string rollout, Decision decision, CancellationToken cancellationToken)
    {
        DecisionReceipt receipt = await engine.DecideAsync(rollout, decision, cancellationToken).ConfigureAwait(false);
        return receipt.Outcome switch
        {
            DecisionOutcome.NotFound => new AnswerReceipt(false, $"There is no rollout {rollout}."),
            DecisionOutcome.AlreadyFinished => new AnswerReceipt(false, Finished(receipt.Status!, decision)),
            DecisionOutcome.IdTaken => new AnswerReceipt(false, $"Decision {decision.Id} was given with another command before."),
            DecisionOutcome.TargetOwned => new AnswerReceipt(false, $"The target belongs to {receipt.Owner} by now."),
            // Sent again after a later one was answered: nothing more will be said to it.
            DecisionOutcome.AlreadyAccepted when receipt.Status is { LastAnswer: { } other } && other.DecisionId != decision.Id => new AnswerReceipt(
                true, "That was recorded before; the status says how the rollout stands."),
            _ => await ReadAsync(rollout, decision, receipt.Status!, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>What became of a question that is not open any more; null when it is open.</summary>
    public static string? Closed(RolloutStatus status, string question) => status switch
    {
        { Question: { } open } when open.Id == question => null,
        { LastQuestion: { } last } when last.Id == question => $"{question} was {last}.",
        { Outcome: { } outcome } => $"{question} is not open any more: the rollout has ended, {outcome}, {status.Message}.",
        _ => $"{question} is not open any more.",
    };

    private static string Finished(RolloutStatus status, Decision decision) =>
        (decision.Question is { } asked && status.LastQuestion is { } last && last.Id == asked ? $"{asked} was {last}. " : "")
        + $"The rollout has ended: {status.Outcome}, {status.Message}.";

    private async Task<AnswerReceipt> ReadAsync(string rollout, Decision decision, RolloutStatus status, CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + ReadWithin;
        while (status.LastAnswer?.DecisionId != decision.Id && time.GetUtcNow() < end)
        {
            await Task.Delay(LookEvery, time, cancellationToken).ConfigureAwait(false);
            status = await engine.FindAsync(rollout, cancellationToken).ConfigureAwait(false) ?? status;
        }

        return status.LastAnswer is { } answer && answer.DecisionId == decision.Id
            ? new AnswerReceipt(answer.Counted, $"{char.ToUpperInvariant(answer.Message[0])}{answer.Message[1..]}.")
            : new AnswerReceipt(true, "Recorded; the rollout will act upon it in a moment.");
    }
}

/// <summary>What became of an answer.</summary>
/// <param name="Counted">Whether it counted.</param>
/// <param name="Text">For whoever answered.</param>
public sealed record AnswerReceipt(bool Counted, string Text);
