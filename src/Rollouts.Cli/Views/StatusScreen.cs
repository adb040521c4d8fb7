using Rollouts.Engine;
using Rollouts.Journal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rollouts.Cli.Views;

/// <summary>Draws a rollout for a terminal.</summary>
internal static class StatusScreen
{
    public static IRenderable Draw(
        RolloutStatus status, IReadOnlyList<JournalRecord> journal, IReadOnlyList<string> notes, DateTimeOffset now)
    {
        List<IRenderable> parts =
        [
            StatusTree.Draw(status, now),
            new Text(""),
            .. journal.TakeLast(6).Select(r => new Markup($"[grey]{Line(r)}[/]")),
        ];
        if (notes.Count > 0)
        {
            parts.Add(new Text(""));
            parts.AddRange(notes.Select(n => new Markup($"[yellow]{Markup.Escape(n)}[/]")));
        }

        return new Rows(parts);
    }

    /// <summary>One line of the journal, as it is also printed where there is no terminal.</summary>
    public static string Line(JournalRecord record) => record switch
    {
        { Entry: { } entry } => Markup.Escape($"{entry.At:HH:mm:ss}  {entry.Weight,3}  {entry.Type,-24} {entry.Message}"),
        { Decision: { } decision } => Markup.Escape($"{decision.At:HH:mm:ss}       {"Decision",-24} {CommandName.Of(decision.Command)} by {decision.By}"),
        _ => "",
    };
}
