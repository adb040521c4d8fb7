using Rollouts.Engine;
using Rollouts.Http.Pages;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Http.Dashboard;

/// <summary>The buttons that decide, and the dialog in which each is confirmed. All stand in the page; the script shows those that the state allows.</summary>
internal static class DecisionForms
{
    private static readonly Choice[] Choices =
    [
        new(Command.Promote, "Promote", "Promote?", "Answers the open question with yes, or skips the step under way, and goes on.", false, false),
        new(Command.PromoteFull, "Promote fully", "Promote fully?", "Skips everything that is left and gives the canary all traffic, without further analysis.", true, false),
        new(Command.Pause, "Pause", "Pause?", "Holds the weight where it is. A failing analysis still rolls back.", false, false),
        new(Command.Resume, "Resume", "Resume?", "Ends the pause by hand.", false, false),
        new(Command.Abort, "Roll back", "Roll back?", "Takes the canary's traffic away at once and ends the rollout.", true, true),
        new(Command.Retry, "Retry", "Retry?", "Begins the rollout again, with fresh analysis.", false, false),
    ];

    /// <param name="status">Says what can be decided now.</param>
    /// <param name="path">The rollout's path in the API.</param>
    public static Html Of(RolloutStatus status, string path) => Html.Of(
        $"""
        <div id="decisions" class="buttons" role="group" aria-label="Decide" data-path="{path}">{Choices.Select(c => Button(c, Open(status).Contains(CommandName.Of(c.Command))))}</div>
        <noscript><p>Deciding needs JavaScript here; <code>rollouts promote</code> and <code>rollouts abort</code> do the same.</p></noscript>
        <dialog id="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text">
        <form method="dialog">
        <h2 id="confirm-title"></h2>
        <p id="confirm-text"></p>
        <label for="reason">Reason <span id="reason-note" class="faint"></span></label>
        <input id="reason" name="reason" type="text" maxlength="2000" autocomplete="off">
        <p id="confirm-problem" class="bad" role="alert"></p>
        <div class="buttons"><button type="submit" id="confirm-yes"></button><button type="button" id="confirm-no">Cancel</button></div>
        </form>
        </dialog>
        """);

    /// <summary>The commands that a rollout takes as it stands.</summary>
    public static IEnumerable<string> Open(RolloutStatus status) => Commands(status).Select(CommandName.Of);

    private static IEnumerable<Command> Commands(RolloutStatus status) => status switch
    {
        { Outcome: RolloutOutcome.Aborted or RolloutOutcome.RolledBack } => [Command.Retry],
        { Outcome: not null } or { Phase: RolloutPhase.Degraded } => [],
        { ManualPause: not null } => [Command.Promote, Command.PromoteFull, Command.Resume, Command.Abort],
        _ => [Command.Promote, Command.PromoteFull, Command.Pause, Command.Abort],
    };

    private static Html Button(Choice choice, bool shown) => Html.Of(
        $"""
        <button type="button" class="{(choice.Grave ? "danger" : "plain")}" data-command="{CommandName.Of(choice.Command)}" data-title="{choice.Title}" data-text="{choice.Text}" data-reason="{(choice.NeedsReason ? "required" : "optional")}"{(shown ? Html.None : Html.Of($" hidden"))}>{choice.Name}</button>
        """);

    private sealed record Choice(Command Command, string Name, string Title, string Text, bool Grave, bool NeedsReason);
}
