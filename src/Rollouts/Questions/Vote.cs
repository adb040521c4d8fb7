using Rollouts.Journal;

namespace Rollouts.Questions;

/// <summary>An approval that is not enough by itself.</summary>
/// <param name="Subject">What is approved: a question's id, or a command on a step.</param>
/// <param name="Provider">Who vouches for the approver.</param>
/// <param name="ActorId">The approver, by the provider's id.</param>
/// <param name="By">The approver, for people.</param>
/// <param name="At">When.</param>
public sealed record Vote(string Subject, string Provider, string ActorId, string By, DateTimeOffset At)
{
    internal static Vote Of(string subject, Decision decision, Actor actor, DateTimeOffset at) =>
        new(subject, actor.Provider, actor.Id, decision.By, at);
}
