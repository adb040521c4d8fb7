using System.CommandLine;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Cli.Views;
using Rollouts.Engine;
using Rollouts.Journal;
using Spectre.Console;
using Command = System.CommandLine.Command;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts status</c>: a rollout on a server as it is now.</summary>
internal static class StatusCommand
{
    private const int MostJournalPage = 500;

    public static Command Create(CliConsole console)
    {
        Argument<string> id = SharedOptions.Id();
        Option<OutputFormat> output = SharedOptions.Output();
        ServerOptions servers = new();
        Command command = new("status", "Shows a rollout on a server as it is now.") { id };
        servers.AddTo(command);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RemoteServer server = servers.Connect(parsed);
            string rollout = parsed.GetRequiredValue(id);
            RolloutStatus status = await server.Rollouts.FindAsync(rollout, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidInputException($"there is no rollout {rollout} on {server.Address}; rollouts list shows those that are there");
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                RunCommand.Print(console, status, OutputFormat.Json);
                return ExitCode.Ok;
            }

            List<JournalRecord> journal = await JournalAsync(server.Rollouts, rollout, cancellationToken).ConfigureAwait(false);
            console.Screen.Write(StatusScreen.Draw(status, journal, [.. new AnswerHint(server.Address, null).Lines(status)], TimeProvider.System.GetUtcNow()));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<List<JournalRecord>> JournalAsync(RemoteRollouts rollouts, string id, CancellationToken cancellationToken)
    {
        List<JournalRecord> journal = [];
        while (true)
        {
            IReadOnlyList<JournalRecord> page = await rollouts
                .ReadJournalAsync(id, journal.Count == 0 ? 0 : journal[^1].Position, MostJournalPage, cancellationToken).ConfigureAwait(false) ?? [];
            journal.AddRange(page);
            if (page.Count < MostJournalPage)
            {
                return journal;
            }
        }
    }
}
