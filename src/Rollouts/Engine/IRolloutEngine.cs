using Rollouts.Journal;
using Rollouts.Manifests;

namespace Rollouts.Engine;

/// <summary>Runs rollouts. What pipelines, chat, dashboard and command line talk to.</summary>
public interface IRolloutEngine : IRolloutControl
{
    /// <summary>Starts a release. The same release again gives the same rollout.</summary>
    Task<StartResult> StartAsync(Release release, string startedBy, CancellationToken cancellationToken);
}

/// <summary>Watches rollouts and decides on them, whether they run in this process or behind an HTTP API.</summary>
public interface IRolloutControl
{
    /// <summary>Null when there is none of that id.</summary>
    Task<RolloutStatus?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<RolloutStatus>> ListAsync(int most, CancellationToken cancellationToken);

    /// <summary>Records a decision and wakes the rollout.</summary>
    Task<DecisionReceipt> DecideAsync(string id, Decision decision, CancellationToken cancellationToken);

    /// <summary>What happened after a position (0 from the start); null when there is no such rollout.</summary>
    Task<IReadOnlyList<JournalRecord>?> ReadJournalAsync(string id, long after, int most, CancellationToken cancellationToken);
}

/// <summary>What became of a start.</summary>
/// <param name="Outcome">Started, or why not.</param>
/// <param name="Status">The rollout: the new one, the one of the same release, or null with <see cref="StartOutcome.TargetOwned"/> when the owner is not known here.</param>
/// <param name="Owner">With <see cref="StartOutcome.TargetOwned"/>: the id of the rollout that owns the target.</param>
/// <param name="Reason">With <see cref="StartOutcome.Refused"/>: why, and the cure.</param>
public sealed record StartResult(StartOutcome Outcome, RolloutStatus? Status, string? Owner = null, string? Reason = null);

/// <summary>What became of a start.</summary>
public enum StartOutcome
{
    Started,

    /// <summary>The same release has been started before; nothing was changed.</summary>
    AlreadyStarted,

    /// <summary>Another rollout owns the target.</summary>
    TargetOwned,

    /// <summary>This engine does not run such a release: it is too large, or its target is not one that the operator allows.</summary>
    Refused,
}

/// <summary>What became of a decision.</summary>
/// <param name="Outcome">Whether it was taken.</param>
/// <param name="Status">The rollout as it was when the decision was taken; null when there is none.</param>
/// <param name="Owner">With <see cref="DecisionOutcome.TargetOwned"/>: the id of the rollout that owns the target.</param>
public sealed record DecisionReceipt(DecisionOutcome Outcome, RolloutStatus? Status, string? Owner = null);

/// <summary>Whether a decision was taken.</summary>
public enum DecisionOutcome
{
    /// <summary>It stands in the journal and will be acted upon.</summary>
    Accepted,

    /// <summary>It stood there already, under the same id.</summary>
    AlreadyAccepted,

    /// <summary>The rollout has finished; the status says how.</summary>
    AlreadyFinished,

    /// <summary>There is no such rollout.</summary>
    NotFound,

    /// <summary>A retry was not taken, because another rollout has begun on the target since.</summary>
    TargetOwned,
}
