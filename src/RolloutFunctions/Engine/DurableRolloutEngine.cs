using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using RolloutFunctions.Clusters;
using RolloutFunctions.Orchestration;
using Rollouts.AzureStorage.Journal;
using Rollouts.AzureStorage.Registry;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace RolloutFunctions.Engine;

/// <summary>Runs rollouts on Durable Functions. One for each call, because the client is.</summary>
public sealed class DurableRolloutEngine : IRolloutEngine
{
    /// <summary>Whom a start waits for that supersedes whoever is there: the registry may have been told by a start that broke off.</summary>
    private const string AnyOwner = "the rollout before";

    /// <summary>How many rollouts back a later one of the same name is looked for: a page of the registry.</summary>
    private const int NewestLookedAt = 1000;

    private readonly RolloutInstances instances;
    private readonly RolloutRegistry registry;
    private readonly AzureTableJournal journal;
    private readonly ClusterDirectory clusters;
    private readonly DecisionDelivery delivery;
    private readonly RolloutClosing closing;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    public DurableRolloutEngine(
        DurableTaskClient client, RolloutRegistry registry, AzureTableJournal journal, ClusterDirectory clusters, TimeProvider time, ILogger logger)
    {
        instances = new RolloutInstances(client);
        delivery = new DecisionDelivery(instances, time, logger);
        closing = new RolloutClosing(registry, journal);
        (this.registry, this.journal, this.clusters, this.time, this.logger) = (registry, journal, clusters, time, logger);
    }

    /// <inheritdoc/>
    public async Task<StartResult> UndoAsync(string id, UndoRequest undo, CancellationToken cancellationToken)
    {
        if (!IsId(id) || await instances.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } instance)
        {
            return new StartResult(StartOutcome.NotFound, null);
        }

        ResolvedRelease back = await instance.Turn.Rollout.BackAsync(undo, clusters, time, cancellationToken).ConfigureAwait(false);
        return back.Refused ?? await StartAsync(back.Release, undo.By, undo.Supersede, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<FormerVersions?> FormerAsync(string id, CancellationToken cancellationToken) =>
        IsId(id) && await instances.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } instance
            ? await instance.Turn.Rollout.FormerAsync(clusters, time, cancellationToken).ConfigureAwait(false)
            : null;

    /// <inheritdoc/>
    public async Task<StartResult> StartAsync(Release release, string startedBy, bool supersede, CancellationToken cancellationToken)
    {
        ResolvedRelease resolved = await release.ResolveAsync(clusters, time, cancellationToken).ConfigureAwait(false);
        if (resolved.Refused is { } refused)
        {
            return refused;
        }

        release = resolved.Release;
        string id = RolloutId.For(release);
        release = release with { Target = clusters.Canonical(release.Target) };
        Turn first = RolloutMachine.Start(release, id, startedBy, time.GetUtcNow(), supersede ? AnyOwner : null);
        if (Refusal(release, first) is { } reason)
        {
            return new StartResult(StartOutcome.Refused, null, Reason: reason);
        }

        RegisteredRollout? known = await registry.FindAsync(id, cancellationToken).ConfigureAwait(false);
        StartResult? obstacle = known is null
            ? await ForeignOwner.RefuseAsync(clusters, release.Target, IsOpenAsync, time, cancellationToken).ConfigureAwait(false)
            : await LostAsync(known, cancellationToken).ConfigureAwait(false);
        if (obstacle is not null)
        {
            return obstacle;
        }

        RegisteredRollout rollout = new(id, first.Rollout.StartedAt, startedBy, release.Target, true);
        Registration registration = await registry.RegisterAsync(rollout, cancellationToken).ConfigureAwait(false);
        if (registration.Owner is { } owner && await EndsAsync(owner, cancellationToken).ConfigureAwait(false))
        {
            registration = await registry.RegisterAsync(rollout, cancellationToken).ConfigureAwait(false);
        }

        List<string> makingWay = [];
        while (registration.Owner is { } before)
        {
            // Without an instance it was purged, or its start broke off or is under way; told to make way it does so with its first turn.
            RolloutInstance? instance = await instances.FindAsync(before, cancellationToken).ConfigureAwait(false);
            if (!supersede && instance?.ReadableTurn?.Rollout.Outcome is null)
            {
                return new StartResult(StartOutcome.TargetOwned, await FindAsync(before, cancellationToken).ConfigureAwait(false), before);
            }

            // First the decision: a start that breaks off here has ended the one before, and is made good by the next one.
            DecisionAppend told = await journal
                .AppendDecisionAsync(before, Superseding.By(id, startedBy, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            makingWay.Add(before);
            first = RolloutMachine.Start(release, id, startedBy, rollout.StartedAt, before);
            registration = await registry.RegisterAsync(rollout, makingWay, cancellationToken).ConfigureAwait(false);
            if (told.Outcome != DecisionAppendOutcome.Closed)
            {
                _ = await delivery.DeliverAsync(before, told.Sequence, cancellationToken).ConfigureAwait(false);
            }
        }

        // A start that broke off after the registration is made good by the next one.
        if (await instances.TryStartAsync(id, first, cancellationToken).ConfigureAwait(false))
        {
            logger.RolloutStarted(id, startedBy);
            return new StartResult(StartOutcome.Started, RolloutStatusView.Of(first));
        }

        RolloutStatus there = await FindAsync(id, cancellationToken).ConfigureAwait(false) ?? RolloutStatusView.Of(first);
        return Repetition.Answer(there, Repetition.MayBeOvertaken(there) ? await LaterAsync(id, release.Target, cancellationToken).ConfigureAwait(false) : null);
    }

    /// <summary>The refusal of a release that has run, and whose instance is gone: run anew it would read the decisions of its first life again.</summary>
    private async Task<StartResult?> LostAsync(RegisteredRollout known, CancellationToken cancellationToken)
    {
        if (await instances.FindAsync(known.Id, cancellationToken).ConfigureAwait(false) is not null
            || (known.IsOpen && await journal.LastNumberAsync(known.Id, cancellationToken).ConfigureAwait(false) == 0))
        {
            return null;
        }

        string end = known.IsOpen ? "and the watchdog is about to take its canary's traffic away" : "its journal is kept";
        return new StartResult(
            StartOutcome.Refused,
            null,
            Reason: $"the same release has run as {known.Id}, whose state has been removed, {end}: name this a run of its own (--run, ?run=), for instance by the "
                + "pipeline's build");
    }

    private async Task<bool> IsOpenAsync(string id, CancellationToken cancellationToken) =>
        await registry.FindAsync(id, cancellationToken).ConfigureAwait(false) is { IsOpen: true };

    /// <summary>The latest release on the same target that began after this one, or null.</summary>
    private async Task<string?> LaterAsync(string id, TrafficTarget target, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> newest = await registry.ListAsync(NewestLookedAt, cancellationToken).ConfigureAwait(false);
        foreach (string other in newest.TakeWhile(other => other != id).Where(other => RolloutId.Beginning(other) == RolloutId.Beginning(id)))
        {
            // Several clusters may have a rollout of the name.
            if (await registry.FindAsync(other, cancellationToken).ConfigureAwait(false) is { } later && $"{later.Target}" == $"{target}")
            {
                return other;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<RolloutStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
        IsId(id) ? (await instances.FindAsync(id, cancellationToken).ConfigureAwait(false))?.View() : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RolloutStatus>> ListAsync(int most, CancellationToken cancellationToken)
    {
        List<RolloutStatus> found = [];
        foreach (string[] together in (await registry.ListAsync(most, cancellationToken).ConfigureAwait(false)).Chunk(20))
        {
            RolloutStatus?[] statuses = await Task.WhenAll(together.Select(id => FindAsync(id, cancellationToken))).ConfigureAwait(false);
            found.AddRange(statuses.OfType<RolloutStatus>());
        }

        return found;
    }

    /// <inheritdoc/>
    /// <remarks>The status is the rollout's once it has read the decision, if it does so within 5 s.</remarks>
    public async Task<DecisionReceipt> DecideAsync(string id, Decision decision, CancellationToken cancellationToken)
    {
        if (!IsId(id) || await instances.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } instance)
        {
            return new DecisionReceipt(DecisionOutcome.NotFound, null);
        }

        RolloutStatus status = instance.View();
        if (instance.IsBroken)
        {
            // Nobody would read it: the watchdog ends what an operator or a fault has stopped.
            return TooLate(id, decision, status);
        }

        DecisionAppend append = await journal.AppendDecisionAsync(id, decision, cancellationToken).ConfigureAwait(false);
        if (append.Outcome == DecisionAppendOutcome.Closed && decision.Refused is null && instance.ReadableTurn is { } last && RolloutMachine.Reopens(last.Rollout, decision.Command))
        {
            (DecisionAppend? reopened, string? owner) = await closing.ReopenAsync(id, decision, cancellationToken).ConfigureAwait(false);
            if (reopened is null)
            {
                return new DecisionReceipt(DecisionOutcome.TargetOwned, status, owner);
            }

            append = reopened;
        }

        if (append.Outcome == DecisionAppendOutcome.Closed)
        {
            return TooLate(id, decision, status);
        }

        if (append.Outcome == DecisionAppendOutcome.IdTaken)
        {
            return new DecisionReceipt(DecisionOutcome.IdTaken, status);
        }

        RolloutStatus? after = await delivery.DeliverAsync(id, append.Sequence, cancellationToken).ConfigureAwait(false);
        if (append.Outcome == DecisionAppendOutcome.AlreadyThere)
        {
            return new DecisionReceipt(DecisionOutcome.AlreadyAccepted, after ?? status);
        }

        logger.Decided(id, CommandName.Of(decision.Command), decision.By, decision.Channel);
        return new DecisionReceipt(DecisionOutcome.Accepted, after ?? status);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalRecord>?> ReadJournalAsync(string id, long after, int most, CancellationToken cancellationToken) =>
        IsId(id) && await registry.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null
            ? await journal.ReadAsync(id, after, most, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>The journal of a rollout that has ended takes nothing more: the log is where it leaves its trace.</summary>
    private DecisionReceipt TooLate(string id, Decision decision, RolloutStatus status)
    {
        logger.DecidedTooLate(id, CommandName.Of(decision.Command), decision.By, decision.Channel);
        return new DecisionReceipt(DecisionOutcome.AlreadyFinished, status);
    }

    private string? Refusal(Release release, Turn first)
    {
        int length = StoredTurn.Write(first).Length;
        return clusters.Refusal(release.Target)
            ?? (length > StoredTurn.LongestAtStart
                ? $"the release is too large: {length} characters when stored, {StoredTurn.LongestAtStart} are taken; use fewer steps, metrics, or shorter queries"
                : null);
    }

    /// <summary>Closes a rollout that has ended without its registration having been told, if no decision waits for it.</summary>
    private async Task<bool> EndsAsync(string id, CancellationToken cancellationToken) =>
        await instances.FindAsync(id, cancellationToken).ConfigureAwait(false) is { Status: OrchestrationRuntimeStatus.Completed } instance
        && instance.ReadableTurn is { Rollout.IsFinished: true } last
        && await closing.TryCloseAsync(id, last.Rollout.LastDecision, cancellationToken).ConfigureAwait(false);

    // Whatever else is asked for can be no rollout, and storage would refuse it as a key.
    private static bool IsId(string id) =>
        id.Length is > 0 and <= RolloutId.MaxLength && !id.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)) && id[0] != '@';
}
