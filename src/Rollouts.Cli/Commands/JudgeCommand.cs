using System.CommandLine;
using System.Text.Json;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts judge</c>: says afterwards whether an automatic rollback or a promotion was right.</summary>
internal static class JudgeCommand
{
    public static Command Create(CliConsole console)
    {
        Argument<string> id = SharedOptions.Id();
        Argument<Verdict> verdict = new("verdict") { Description = "right: a bad version was rolled back, or a good one promoted; wrong: the other way round" };
        Option<string?> reason = new("--reason") { Description = "Why, for the ledger", HelpName = "TEXT" };
        Option<string> by = SharedOptions.By();
        Option<OutputFormat> output = SharedOptions.Output();
        ServerOptions servers = new();
        Command command = new("judge", "Says whether an automatic rollback or a promotion was right; the ledger counts it.") { id, verdict, reason, by };
        servers.AddTo(command);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RemoteServer server = servers.Connect(parsed);
            LedgerEntry entry = await server.Rollouts.JudgeAsync(
                parsed.GetRequiredValue(id),
                parsed.GetRequiredValue(verdict),
                parsed.GetRequiredValue(by),
                parsed.GetValue(reason),
                cancellationToken).ConfigureAwait(false);
            await console.Out.WriteLineAsync(
                parsed.GetValue(output) == OutputFormat.Json
                    ? JsonSerializer.Serialize(entry, RolloutJson.Default.LedgerEntry)
                    : $"{entry.Row.Outcome} of {entry.Row.Service} was {entry.Judgement?.Verdict.ToString().ToLowerInvariant()}").ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
    }
}
