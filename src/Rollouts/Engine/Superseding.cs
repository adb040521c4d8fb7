using Rollouts.Journal;

namespace Rollouts.Engine;

/// <summary>How one rollout makes way for another on the same target. Every engine does it with this.</summary>
public static class Superseding
{
    /// <summary>
    /// The decision that tells the owner of a target to make way: what is under way is rolled back, and what only waits to take pods away does so at once. Its
    /// id is the newer rollout's, so that a repeated start repeats no decision.
    /// </summary>
    public static Decision By(string newer, string startedBy, DateTimeOffset at) => new()
    {
        Id = $"superseded-by-{newer}",
        Command = Command.Supersede,
        By = startedBy,
        At = at,
        Reason = $"for {newer}",
    };
}
