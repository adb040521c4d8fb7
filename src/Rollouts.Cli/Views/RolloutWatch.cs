using Rollouts.Cli.Output;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Spectre.Console;

namespace Rollouts.Cli.Views;

/// <summary>
/// Follows a rollout until it has ended, or waits for a person where the caller wants to know of that: a live screen on a terminal, a line per
/// journal entry elsewhere.
/// </summary>
internal sealed class RolloutWatch(IRolloutControl engine, CliConsole console, bool quiet)
{
    private const int NotesShown = 6;

    /// <summary>How long a server that does not answer is asked again, where nothing else is said.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(3);

    private readonly bool live = !quiet && console.Screen.Profile.Capabilities.Interactive && console.Screen.Profile.Out.IsTerminal;
    private readonly List<JournalRecord> journal = [];
    private readonly List<string> notes = [];
    private List<string> hint = [];
    private string? hinted;
    private DateTimeOffset? awaySince;
    private string? awayNote;

    /// <summary>How a question can be answered; null says nothing of that.</summary>
    public AnswerHint? Answers { get; init; }

    /// <summary>How often the engine is asked. Default 250 ms, for one in this process.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an engine that does not answer is asked again. Default <see cref="UsualPatience"/>.</summary>
    public TimeSpan Patience { get; init; } = UsualPatience;

    /// <summary>Tells the person who watches something that is not in the journal: below the live screen, or on the standard error.</summary>
    public void Note(string line)
    {
        notes.Add(line);
        if (!live)
        {
            console.Error.WriteLine(line);
        }
    }

    /// <summary>Called with every status and the journal's new records.</summary>
    public Func<RolloutStatus, IReadOnlyList<JournalRecord>, Task> OnUpdate { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Whether to stop at an open question.</summary>
    public bool StopAtQuestion { get; init; }

    /// <exception cref="OperationCanceledException">Interrupted; the rollout stays as it is.</exception>
    public async Task<RolloutStatus> FollowAsync(string id, CancellationToken cancellationToken)
    {
        if (!live)
        {
            return await FollowAsync(id, PrintNew, cancellationToken).ConfigureAwait(false);
        }

        return await console.Screen.Live(new Text("")).AutoClear(false).Overflow(VerticalOverflow.Crop).StartAsync(screen =>
            FollowAsync(
                id,
                (status, _) =>
                {
                    screen.UpdateTarget(StatusScreen.Draw(status, journal, [.. notes.TakeLast(NotesShown)], TimeProvider.System.GetUtcNow()));
                    screen.Refresh();
                },
                cancellationToken)).ConfigureAwait(false);
    }

    private async Task<RolloutStatus> FollowAsync(
        string id, Action<RolloutStatus, IReadOnlyList<JournalRecord>> show, CancellationToken cancellationToken)
    {
        RolloutStatus? last = null;
        while (true)
        {
            if (await LookAsync(id, cancellationToken).ConfigureAwait(false) is not var (status, news))
            {
                // A screen that stands still would look as if nothing happened.
                if (last is not null)
                {
                    show(last, []);
                }

                await Task.Delay(Every, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                continue;
            }

            last = status;
            journal.AddRange(news);
            SayHowToAnswer(status);
            show(status, news);
            await OnUpdate(status, news).ConfigureAwait(false);
            bool ended = status.Outcome is not null && journal.Exists(r => r.Entry?.Type is EventType.RolloutCompleted or EventType.RolloutInvalid or EventType.RolloutAborted);
            if (ended || (StopAtQuestion && status is { Question: not null, Phase: RolloutPhase.Paused }))
            {
                return status;
            }

            await Task.Delay(Every, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Null while the engine does not answer, which it may be for a while: it can be restarted under a watch.</summary>
    private async Task<(RolloutStatus Status, IReadOnlyList<JournalRecord> News)?> LookAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            RolloutStatus status = await engine.FindAsync(id, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidInputException($"there is no rollout {id}");
            long after = journal.Count == 0 ? 0 : journal[^1].Position;
            IReadOnlyList<JournalRecord> news = await engine.ReadJournalAsync(id, after, 500, cancellationToken).ConfigureAwait(false) ?? [];
            if (awayNote is not null)
            {
                notes.Remove(awayNote);
                (awaySince, awayNote) = (null, null);
            }

            return (status, news);
        }
        catch (PortException away) when (away.Kind == FailureKind.Transient && (awaySince is null || TimeProvider.System.GetUtcNow() - awaySince < Patience))
        {
            if (awaySince is null)
            {
                awaySince = TimeProvider.System.GetUtcNow();
                awayNote = $"{away.Message}; asking again";
                Note(awayNote);
            }

            return null;
        }
    }

    private void SayHowToAnswer(RolloutStatus status)
    {
        if (Answers is not { } answers || status.Question?.Id == hinted)
        {
            return;
        }

        hinted = status.Question?.Id;
        notes.RemoveAll(hint.Contains);
        hint = [.. answers.Lines(status)];
        hint.ForEach(Note);
    }

    private void PrintNew(RolloutStatus status, IReadOnlyList<JournalRecord> news)
    {
        if (quiet)
        {
            return;
        }

        foreach (JournalRecord record in news)
        {
            console.Out.WriteLine(Markup.Remove(StatusScreen.Line(record)));
        }
    }
}
