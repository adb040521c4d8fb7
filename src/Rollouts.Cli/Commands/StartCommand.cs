using System.CommandLine;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Engine;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts start</c>: posts a release to a server.</summary>
internal static class StartCommand
{
    public static Command Create(CliConsole console)
    {
        Option<string[]> files = SharedOptions.Files();
        Option<bool> wait = new("--wait") { Description = "Follow the rollout to its end, and end with its exit code; survives a restart of the server" };
        Option<bool> supersede = new("--supersede") { Description = "End a rollout that is under way on the target, and take its place" };
        Option<string?> run = new("--run") { Description = "Which run of the same content this is, for instance the build: content that has run is run again", HelpName = "TEXT" };
        Option<string?> requester = SharedOptions.Requester();
        Option<OutputFormat> output = SharedOptions.Output();
        ServerOptions servers = new();
        FollowOptions following = new();
        Command command = new("start", "Posts a release to a server. The same release again finds the same rollout, so the command can be repeated.") { files, supersede, run, requester, wait };
        following.AddTo(command);
        servers.AddTo(command);
        command.Add(output);
        command.Validators.Add(given =>
        {
            if (!given.GetValue(wait) && (given.GetValue(following.FailOnPause) || given.GetValue(following.Limit) is not null))
            {
                given.AddError("--timeout and --fail-on-pause need --wait");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            JoinedManifests manifests = new(InputFiles.Manifests(parsed.GetRequiredValue(files)));
            using RemoteServer server = servers.Connect(parsed);
            RolloutStatus started = await server.Rollouts
                .StartAsync(manifests, parsed.GetValue(supersede), parsed.GetValue(run), parsed.GetValue(requester), cancellationToken).ConfigureAwait(false);
            OutputFormat format = parsed.GetValue(output);
            if (parsed.GetValue(wait))
            {
                await (format == OutputFormat.Text ? console.Out : console.Error).WriteLineAsync($"{started.Id} on {server.Address}").ConfigureAwait(false);
                return await following.FollowAsync(console, parsed, server, started.Id, format, wasLetIn: true, cancellationToken).ConfigureAwait(false);
            }

            if (format == OutputFormat.Json)
            {
                RunCommand.Print(console, started, format);
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
