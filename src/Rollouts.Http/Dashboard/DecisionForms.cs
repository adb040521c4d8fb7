using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Http.Pages;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Http.Dashboard;

/// <summary>The buttons that decide, and the dialog in which each is confirmed. All stand in the page; the script shows those that the state allows.</summary>
internal static class DecisionForms
{
    private const string JudgeRight = "judge-right";
    private const string JudgeWrong = "judge-wrong";
    private const string Undo = "undo";

    private static readonly Choice[] Choices =
    [
        new(CommandName.Of(Command.Promote), "Promote", "Answers the open question with yes, or skips the step under way, and goes on."),
        new(CommandName.Of(Command.PromoteFull), "Promote fully", "Skips everything that is left and gives the canary all traffic, without further analysis.") { Grave = true },
        new(CommandName.Of(Command.Pause), "Pause", "Holds the weight where it is. A failing analysis still rolls back."),
        new(CommandName.Of(Command.Resume), "Resume", "Ends the pause by hand."),
        new(CommandName.Of(Command.Abort), "Roll back", "Takes the canary's traffic away at once and ends the rollout.") { Grave = true, NeedsReason = true },
        new(CommandName.Of(Command.Retry), "Retry", "Begins the rollout again, with fresh analysis."),
        new(Undo, "Go back", "Starts a rollout to a former version. It takes the same steps, or none where that version was stable a short while ago.")
        {
            Grave = true,
            NeedsReason = true,
            NeedsStart = true,
        },
        new(CommandName.Of(Command.Restart), "Restart pods", "Replaces the stable pods, a few at a time, by pods of the same version. Traffic stays as it is."),
        new(JudgeRight, "It was right", "Says in the ledger that this outcome was right: a bad version was rolled back, or a good one promoted."),
        new(JudgeWrong, "It was wrong", "Says in the ledger that this outcome was wrong: a good version was rolled back, or a bad one promoted.") { NeedsReason = true },
    ];

    /// <param name="status">Says what can be decided now.</param>
    /// <param name="entry">Its place in the ledger; null: it has none, or none that can be judged.</param>
    /// <param name="site">What the site's paths begin with.</param>
    /// <param name="has">Which rights the viewer has; a button that would be refused is not there.</param>
    public static Html Of(RolloutStatus status, LedgerEntry? entry, string site, Predicate<Right> has)
    {
        Choice[] offered = [.. Choices.Where(c => has(c.NeedsStart ? Right.Start : Right.Decide))];
        string[] open = [.. Open(status, entry)];
        return Html.When(
            offered.Length > 0,
            $"""
            <div id="decisions" class="buttons" role="group" aria-label="Decide" data-path="{site}/api/rollouts/{Uri.EscapeDataString(status.Id)}" data-pages="{site}{DashboardLayout.Rollouts}">{offered.Select(c => Button(c, open.Contains(c.Name)))}</div>
            <noscript><p>Deciding needs JavaScript here; <code>rollouts promote</code> and <code>rollouts abort</code> do the same.</p></noscript>
            <dialog id="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text">
            <form method="dialog">
            <h2 id="confirm-title"></h2>
            <p id="confirm-text"></p>
            <div id="version-choice" hidden><label for="version">Version</label>
            <select id="version" name="version"></select></div>
            <label for="reason">Reason <span id="reason-note" class="faint"></span></label>
            <input id="reason" name="reason" type="text" maxlength="2000" autocomplete="off">
            <p id="confirm-problem" class="bad" role="alert"></p>
            <div class="buttons"><button type="submit" id="confirm-yes"></button><button type="button" id="confirm-no">Cancel</button></div>
            </form>
            </dialog>
            """);
    }

    /// <summary>What can be decided on a rollout as it stands.</summary>
    public static IEnumerable<string> Open(RolloutStatus status, LedgerEntry? entry) =>
        Commands(status).Select(CommandName.Of)
            .Concat(status is { Outcome: not null, Workload: not null } ? [Undo] : [])
            .Concat(entry is null ? [] : [JudgeRight, JudgeWrong]);

    private static IEnumerable<Command> Commands(RolloutStatus status)
    {
        Command[] steering = status switch
        {
            { Outcome: RolloutOutcome.Aborted or RolloutOutcome.RolledBack } => [Command.Retry],
            { Outcome: not null } or { IsRollingBack: true } => [],
            { ManualPause: not null } => [Command.Promote, Command.PromoteFull, Command.Resume, Command.Abort],
            _ => [Command.Promote, Command.PromoteFull, Command.Pause, Command.Abort],
        };
        return status is { Workload.Stable: not null, IsRollingBack: false } ? [.. steering, Command.Restart] : steering;
    }

    private static Html Button(Choice choice, bool shown) => Html.Of(
        $"""
        <button type="button" class="{(choice.Grave ? "danger" : "plain")}" data-command="{choice.Name}" data-text="{choice.Text}" data-reason="{(choice.NeedsReason ? "required" : "optional")}"{(shown ? Html.None : Html.Of($" hidden"))}>{choice.Label}</button>
        """);

    private sealed record Choice(string Name, string Label, string Text)
    {
        public bool Grave { get; init; }

        public bool NeedsReason { get; init; }

        /// <summary>Whether it begins a rollout, for which one needs the right to start.</summary>
        public bool NeedsStart { get; init; }
    }
}
