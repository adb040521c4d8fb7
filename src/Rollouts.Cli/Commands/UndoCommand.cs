using System.CommandLine;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Engine;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts undo</c>: a release that goes back to a former version of a workload.</summary>
internal static class UndoCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> id = SharedOptions.Id();
        Option<string?> revision = new("--to-revision")
        {
            Description = "Where to, for instance 1a2b3c4d5e; default the version before the stable one of now",
            HelpName = "REVISION",
        };
        Option<bool> supersede = new("--supersede") { Description = "End a rollout that is under way on the target, and take its place" };
        Option<string?> reason = new("--reason") { Description = "Why, for the journal", HelpName = "TEXT" };
        Option<string> by = SharedOptions.By();
        Option<string?> requester = SharedOptions.Requester();
        Option<OutputFormat> output = SharedOptions.Output();
        ServerOptions servers = new();
        Command command = new("undo", "Starts a release that goes back to a former version, with the same steps; without them inside the rollback window.")
        {
            id, revision, supersede, reason, by, requester,
        };
        servers.AddTo(command);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RemoteServer server = servers.Connect(parsed);
            UndoRequest undo = new(
                parsed.GetValue(revision), parsed.GetRequiredValue(by), parsed.GetValue(requester), parsed.GetValue(supersede), parsed.GetValue(reason));
            RolloutStatus started = await server.Rollouts.UndoAsync(parsed.GetRequiredValue(id), undo, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                RunCommand.Print(console, started, OutputFormat.Json);
            }
            else
            {
                await console.Out.WriteLineAsync(started.Id).ConfigureAwait(false);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
