using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Rollouts.Embedded.Journal;
using Rollouts.Embedded.Ledger;
using Rollouts.Embedded.Notifications;
using Rollouts.Embedded.State;
using Rollouts.Embedded.Turns;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Notifications;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Embedded;

/// <summary>
/// Runs rollouts in this process, with everything they are in one SQLite file. Killed at any moment it loses nothing: what had been answered stands in
/// the file, and at most an idempotent effect is repeated by the next start.
/// </summary>
/// <remarks>Starts, decisions and questions are answered from opening to disposal; rollouts move only while <see cref="RunAsync"/> runs.</remarks>
public sealed class EmbeddedEngine : IRolloutEngine, IAsyncDisposable
{
    private readonly StateFile file;
    private readonly TurnTaker turns;
    private readonly DecisionDesk decisions;
    private readonly StartDesk starts;
    private readonly EffectRunner effects;
    private readonly EngineLoop loop;
    private readonly EngineMetrics metrics = new();
    private readonly StatusFeed feed = new();
    private readonly IWorkloadController? deployments;
    private readonly ITrafficRouter router;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource closing = new();
    private Task? run;
    private int closed;

    private EmbeddedEngine(StateFile file, EmbeddedOptions options, EffectPorts ports, TimeProvider time, ILogger logger)
    {
        this.file = file;
        this.logger = logger;
        this.time = time;
        deployments = ports.Deployments;
        router = ports.Router;
        turns = new TurnTaker(time, logger);
        decisions = new DecisionDesk(turns);
        starts = new StartDesk(turns, decisions, time);
        Journal = new SqliteJournal(file, decisions, Woken);
        Outbox = new SqliteOutbox(file);
        Ledger = new SqliteLedger(file);
        EffectPerformer performer = new(
            ports.Router, ports.Workloads, ports.Metrics, Journal, time, ports.Deployments, ports.Notifier?.Invoke(Outbox), Ledger)
        {
            Web = ports.Web,
            Secrets = ports.Secrets,
        };
        effects = new EffectRunner(performer, options, logger);
        loop = new EngineLoop(file.Writer, turns, effects, feed, metrics, options, time, logger);
    }

    /// <summary>The journal of every rollout in the file. A decision appended here wakes its rollout.</summary>
    public IRolloutJournal Journal { get; }

    /// <summary>The outbox of posts to channels.</summary>
    internal INotificationOutbox Outbox { get; }

    /// <summary>What the rollouts of the file came to.</summary>
    public IRolloutLedger Ledger { get; }

    /// <summary>Opens the state file, makes it if need be, and brings one of an older build up to this one.</summary>
    /// <param name="options">Which file, and the limits.</param>
    /// <param name="ports">What effects are performed through.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where the engine logs; events 2000 to 2099.</param>
    /// <param name="cancellationToken">Gives up before the file is opened.</param>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    /// <exception cref="StateFileException">Another process drives the file, or it can't be used; the message names the cure.</exception>
    public static Task<EmbeddedEngine> OpenAsync(
        EmbeddedOptions options, EffectPorts ports, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        return Task.Run(
            () =>
            {
                EmbeddedEngine engine = new(StateFile.Open(options.Path), options, ports, time, logger);
                logger.StateOpened(options.Path);
                return engine;
            },
            cancellationToken);
    }

    /// <summary>
    /// Drives the rollouts until cancelled. Then measurements are broken off, effects on clusters may end within <see cref="EmbeddedOptions.StopWithin"/>,
    /// and the method returns; it throws only when it is already running.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        var done = new TaskCompletionSource();
        if (Interlocked.CompareExchange(ref run, done.Task, null) is not null)
        {
            throw new InvalidOperationException("the engine is running, or has run; open another one");
        }

        try
        {
            await loop.RunAsync(either.Token).ConfigureAwait(false);
        }
        finally
        {
            done.SetResult();
        }
    }

    /// <inheritdoc/>
    public async Task<StartResult> UndoAsync(string id, UndoRequest undo, CancellationToken cancellationToken)
    {
        if (Find(id) is not { } generation)
        {
            return new StartResult(StartOutcome.NotFound, null);
        }

        ResolvedRelease back = await generation.Rollout.BackAsync(undo, deployments, time, cancellationToken).ConfigureAwait(false);
        return back.Refused ?? await StartAsync(back.Release, undo.By, undo.Supersede, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<FormerVersions?> FormerAsync(string id, CancellationToken cancellationToken) =>
        Find(id) is { } generation ? await generation.Rollout.FormerAsync(deployments, time, cancellationToken).ConfigureAwait(false) : null;

    /// <inheritdoc/>
    public async Task<StartResult> StartAsync(Release release, string startedBy, bool supersede, CancellationToken cancellationToken)
    {
        ResolvedRelease resolved = await release.ResolveAsync(deployments, time, cancellationToken).ConfigureAwait(false);
        if (resolved.Refused is { } refused)
        {
            return refused;
        }

        release = resolved.Release;
        string id = RolloutId.For(release);
        if (Find(id) is null && await ForeignOwner
            .RefuseAsync(router, release.Target, (owner, _) => Task.FromResult(Find(owner) is { Rollout.IsFinished: false }), time, cancellationToken)
            .ConfigureAwait(false) is { } owned)
        {
            return owned;
        }

        Task<(StartResult Result, Generation? First, IReadOnlyList<Wake> MakingWay)> started = file.Writer.RunAsync(
            tables => starts.Take(tables, release, id, startedBy, supersede),
            done =>
            {
                if (done.First is { } first)
                {
                    logger.RolloutStarted(id, startedBy);
                    loop.Stored(first);
                }

                foreach (Wake wake in done.MakingWay)
                {
                    Woken(wake);
                }
            });
        return (await started.WaitAsync(cancellationToken).ConfigureAwait(false)).Result;
    }

    /// <inheritdoc/>
    public Task<RolloutStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(Find(id) is { } generation ? View(generation) : null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RolloutStatus>> ListAsync(int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RolloutStatus>>([.. file.Read(tables => tables.Generations.List(most)).Select(View)]);

    /// <inheritdoc/>
    public async Task<DecisionReceipt> DecideAsync(string id, Decision decision, CancellationToken cancellationToken)
    {
        Task<(DecisionReceipt Receipt, Wake Wake)> decided = file.Writer.RunAsync(
            tables => decisions.Take(tables, id, decision),
            done =>
            {
                if (done.Receipt.Outcome == DecisionOutcome.Accepted)
                {
                    logger.Decided(id, decision.Command.ToString(), decision.By, decision.Channel);
                }

                if (done.Receipt.Outcome == DecisionOutcome.AlreadyFinished)
                {
                    logger.DecidedTooLate(id, CommandName.Of(decision.Command), decision.By, decision.Channel);
                }

                Woken(done.Wake);
            });
        return (await decided.WaitAsync(cancellationToken).ConfigureAwait(false)).Receipt;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRecord>?> ReadJournalAsync(string id, long after, int most, CancellationToken cancellationToken) =>
        Task.FromResult(file.Read(tables => tables.Journal.Find(id) is { } key && tables.Generations.Exists(key)
            ? tables.Journal.Page(key, after, most)
            : null));

    /// <summary>
    /// The status of a rollout as it is now and after every change, until cancelled. Whoever reads slowly misses those in between, never the last. Ends at
    /// once when there is no such rollout; goes on after the rollout has finished, because a retry may move it again.
    /// </summary>
    public async IAsyncEnumerable<RolloutStatus> WatchAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Generation generation in feed.WatchAsync(id, () => Find(id), cancellationToken).ConfigureAwait(false))
        {
            yield return View(generation);
        }
    }

    /// <summary>Waits until the status of a rollout meets a condition; null when there is no such rollout.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before it did.</exception>
    public async Task<RolloutStatus?> WaitAsync(string id, Predicate<RolloutStatus> until, CancellationToken cancellationToken)
    {
        await foreach (RolloutStatus status in WatchAsync(id, cancellationToken).ConfigureAwait(false))
        {
            if (until(status))
            {
                return status;
            }
        }

        return null;
    }

    /// <summary>Stops <see cref="RunAsync"/> as a cancellation would, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) == 1)
        {
            return;
        }

        await closing.CancelAsync().ConfigureAwait(false);
        if (Interlocked.CompareExchange(ref run, Task.CompletedTask, null) is { } running)
        {
            await running.ConfigureAwait(false);
        }

        await file.DisposeAsync().ConfigureAwait(false);
        loop.Dispose();
        effects.Dispose();
        metrics.Dispose();
        closing.Dispose();
    }

    private static RolloutStatus View(Generation generation) => RolloutStatusView.Of(generation.Rollout, generation.WakeAt);

    private Generation? Find(string id) =>
        file.Read(tables => tables.Journal.Find(id) is { } key ? tables.Generations.Find(key) : null);

    private void Woken(Wake wake)
    {
        if (wake.Next is { } next)
        {
            loop.Stored(next);
        }

        if (wake.Interrupt is { } key)
        {
            loop.Interrupt(key);
        }
    }
}
