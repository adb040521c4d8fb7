using Rollouts.Journal;
using Rollouts.Manifests;
using Rollouts.Workloads;

namespace Rollouts.Engine;

/// <summary>Runs rollouts. What pipelines, chat, dashboard and command line talk to.</summary>
public interface IRolloutEngine : IRolloutControl
{
    /// <summary>
    /// Starts a release. The same release again gives the same rollout, or a refusal (see <see cref="Repetition"/>). A rollout on the same target that has its outcome, and only waits to take pods away,
    /// makes way without being asked.
    /// </summary>
    /// <param name="release">What to roll out.</param>
    /// <param name="startedBy">Who asks for it.</param>
    /// <param name="supersede">
    /// True ends a rollout that is under way on the target: its canary's traffic is taken away first, and the new one begins when the target is free.
    /// False answers <see cref="StartOutcome.TargetOwned"/> instead.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not necessarily the start.</param>
    Task<StartResult> StartAsync(Release release, string startedBy, bool supersede, CancellationToken cancellationToken);

    /// <summary>Starts a release of its own that goes back to a former version of a rollout's workload.</summary>
    /// <param name="id">A rollout of the workload, usually the one to undo.</param>
    /// <param name="undo">Where to, and for whom.</param>
    /// <param name="cancellationToken">Ends the wait, not necessarily the start.</param>
    Task<StartResult> UndoAsync(string id, UndoRequest undo, CancellationToken cancellationToken);

    /// <summary>The former versions that an undo can go back to, as the cluster has them now; null when there is no such rollout.</summary>
    Task<FormerVersions?> FormerAsync(string id, CancellationToken cancellationToken);
}

/// <summary>What an undo goes back to.</summary>
/// <param name="Revision">As <see cref="Workloads.WorkloadState.Former"/> has it; null is the version before the stable one of now.</param>
/// <param name="By">Who asks for it.</param>
/// <param name="Requester">The same as policies know people, see <see cref="Release.Requester"/>; null where nobody vouches.</param>
/// <param name="Supersede">As with a start. Default false.</param>
/// <param name="Reason">Why, for the journal. Default none.</param>
public sealed record UndoRequest(string? Revision, string By, string? Requester = null, bool Supersede = false, string? Reason = null);

/// <summary>Shorter forms.</summary>
public static class RolloutEngineExtensions
{
    /// <summary>Starts a release that supersedes none under way.</summary>
    public static Task<StartResult> StartAsync(this IRolloutEngine engine, Release release, string startedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.StartAsync(release, startedBy, supersede: false, cancellationToken);
    }
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
/// <param name="Reason">With <see cref="StartOutcome.Refused"/> and <see cref="StartOutcome.Unavailable"/>, and where the owner is of another engine: why, and the cure.</param>
public sealed record StartResult(StartOutcome Outcome, RolloutStatus? Status, string? Owner = null, string? Reason = null);

/// <summary>What became of a start.</summary>
public enum StartOutcome
{
    Started,

    /// <summary>The same release has been started before; nothing was changed.</summary>
    AlreadyStarted,

    /// <summary>Another rollout owns the target, of this engine or, as the cluster says, of another one, which can't be superseded from here.</summary>
    TargetOwned,

    /// <summary>
    /// This engine does not run such a release: it is too large, its target is not one that the operator allows, what it names in the cluster can't be had, or
    /// it has run and been promoted, and others came after it.
    /// </summary>
    Refused,

    /// <summary>There is no rollout that could be undone.</summary>
    NotFound,

    /// <summary>The cluster did not answer what has to be known first; the same start may do in a moment.</summary>
    Unavailable,
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

    /// <summary>It was not taken: its id was given with another command before.</summary>
    IdTaken,

    /// <summary>A retry was not taken, because another rollout has begun on the target since.</summary>
    TargetOwned,
}
