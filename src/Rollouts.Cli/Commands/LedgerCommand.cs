using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts ledger</c>: how well services and templates do.</summary>
internal static class LedgerCommand
{
    public static Command Create(CliConsole console)
    {
        Option<string?> since = new("--since") { Description = "A date or a time, for instance 2026-01-01; default a year ago", HelpName = "TIME" };
        Option<OutputFormat> output = SharedOptions.Output();
        ServerOptions servers = new();
        Command command = new("ledger", "Shows deployments, automatic rollbacks and how right they were, per service and template.") { since };
        servers.AddTo(command);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RemoteServer server = servers.Connect(parsed);
            LedgerReport report = await server.Rollouts.LedgerAsync(parsed.GetValue(since), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                await console.Out.WriteLineAsync(JsonSerializer.Serialize(report, RolloutJson.Default.LedgerReport)).ConfigureAwait(false);
                return ExitCode.Ok;
            }

            await console.Out.WriteLineAsync($"since {report.Since.UtcDateTime:yyyy-MM-dd HH:mm}Z").ConfigureAwait(false);
            Print(console, "SERVICE", report.Services);
            Print(console, "TEMPLATE", report.Templates);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(CliConsole console, string first, IReadOnlyList<LedgerCounts> counts)
    {
        console.Out.WriteLine();
        TextTable.Print(
            console.Out, [first, "DEPLOYMENTS", "ROLLBACKS", "CORRECT", "FALSE", "MISSED", "ABORTED", "DECISIONS", "MEDIAN ANSWER"], counts.Select(Row));
    }

    private static string[] Row(LedgerCounts counts) =>
    [
        counts.Name,
        $"{counts.Deployments}",
        $"{counts.AutomaticRollbacks}{Rate(counts.RollbackRate)}",
        $"{counts.Correct}",
        $"{counts.False}{Rate(counts.FalseRate)}",
        $"{counts.Missed}{Rate(counts.MissRate)}",
        $"{counts.Aborted}",
        $"{counts.Decisions}",
        counts.MedianAnswerSeconds is { } seconds ? GoDuration.Format(TimeSpan.FromSeconds(seconds)) : "-",
    ];

    private static string Rate(double? rate) => rate is > 0 and { } part ? $" ({(part * 100).ToString("0.#", CultureInfo.InvariantCulture)} %)" : "";
}
