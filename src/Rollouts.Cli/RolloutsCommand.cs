using System.CommandLine;
using System.CommandLine.Parsing;
using Rollouts.Cli.Commands;
using Rollouts.Cli.Output;

namespace Rollouts.Cli;

/// <summary>The <c>rollouts</c> command.</summary>
public static class RolloutsCommand
{
    /// <summary>Parses and runs one command line.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliConsole console)
    {
        RootCommand root = new("Progressive delivery for Kubernetes: canary releases that promote themselves, roll themselves back, or ask.")
        {
            ValidateCommand.Create(console),
            EvaluateCommand.Create(console),
            AnalyzeCommand.Create(console),
            SimulateCommand.Create(console),
            MigrateCommand.Create(console),
            RunCommand.Create(console),
            ServeCommand.Create(console),
            StartCommand.Create(console),
            UndoCommand.Create(console),
            StatusCommand.Create(console),
            WatchCommand.Create(console),
            ListCommand.Create(console),
            JudgeCommand.Create(console),
            LedgerCommand.Create(console),
            DemoCommand.Create(console),
        };
        foreach (Command decide in DecideCommand.CreateAll(console))
        {
            root.Add(decide);
        }

        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                await console.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            }

            string command = parsed.CommandResult.Command == root ? "" : $" {parsed.CommandResult.Command.Name}";
            await console.Error.WriteLineAsync($"See: rollouts{command} --help").ConfigureAwait(false);
            return ExitCode.Invalid;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
                Output = console.Out,
                Error = console.Error,
            }).ConfigureAwait(false);
        }
        catch (InvalidInputException problem)
        {
            await console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return ExitCode.Invalid;
        }
        catch (PortException failure)
        {
            await console.Error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return failure.Kind == FailureKind.Transient ? ExitCode.GaveUp : ExitCode.Invalid;
        }
    }
}
