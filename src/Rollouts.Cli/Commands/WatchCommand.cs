using System.CommandLine;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts watch</c>: follows a rollout on a server, live.</summary>
internal static class WatchCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> id = SharedOptions.Id();
        Option<OutputFormat> output = SharedOptions.Output();
        ServerOptions servers = new();
        FollowOptions following = new();
        Command command = new("watch", "Follows a rollout on a server to its end, live, and ends with its exit code.") { id };
        following.AddTo(command);
        servers.AddTo(command);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RemoteServer server = servers.Connect(parsed);
            return await following
                .FollowAsync(console, parsed, server, parsed.GetRequiredValue(id), parsed.GetValue(output), wasLetIn: false, cancellationToken)
                .ConfigureAwait(false);
        });
        return command;
    }
}
