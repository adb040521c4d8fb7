using System.CommandLine;
using System.Text.Json;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Engine;
using Rollouts.Machine;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts list</c>: the rollouts on a server, newest first.</summary>
internal static class ListCommand
{
    public static Command Create(CliConsole console)
    {
        Option<int> most = new("--most") { Description = "How many, at most 500", DefaultValueFactory = _ => 50, HelpName = "N" };
        Option<OutputFormat> output = SharedOptions.Output();
        ServerOptions servers = new();
        Command command = new("list", "Lists the rollouts on a server, newest first.") { most };
        servers.AddTo(command);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RemoteServer server = servers.Connect(parsed);
            IReadOnlyList<RolloutStatus> rollouts = await server.Rollouts.ListAsync(parsed.GetValue(most), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                await console.Out.WriteLineAsync(JsonSerializer.Serialize(rollouts, RolloutJson.Default.IReadOnlyListRolloutStatus)).ConfigureAwait(false);
            }
            else
            {
                TextTable.Print(console.Out, ["ID", "PHASE", "STEP", "WEIGHT", "WAITING FOR", "STARTED", "MESSAGE"], rollouts.Select(Row));
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static string[] Row(RolloutStatus status) =>
    [
        status.Id,
        status.Outcome?.ToString() ?? status.Phase.ToString(),
        $"{Math.Min(status.Step + 1, status.Steps.Count)}/{status.Steps.Count}",
        $"{status.Weight}/{status.MaxWeight}",
        status.WaitingFor?.ToString().ToLowerInvariant() ?? "-",
        $"{status.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm}Z",
        status.Message.ReplaceLineEndings(" "),
    ];
}
