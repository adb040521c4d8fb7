using System.CommandLine;
using System.Globalization;
using Rollouts.Cli.Demo;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Journal;
using Rollouts.Sandbox.Processes;
using Rollouts.Sandbox.Scenarios;
using CliCommand = System.CommandLine.Command;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts demo</c>: a canary under real traffic, on this machine.</summary>
internal static class DemoCommand
{
    public static CliCommand Create(CliConsole console)
    {
        Argument<string> scenario = new("scenario") { Description = string.Join("; ", DemoScenario.All.Select(s => $"{s.Name}: {s.Promise}")) };
        scenario.AcceptOnlyFromAmong([.. DemoScenario.All.Select(s => s.Name)]);
        Option<bool> failOnPause = SharedOptions.FailOnPause();
        Option<string?> decide = new("--decide") { Description = "The demo answers by itself: promote or abort" };
        decide.AcceptOnlyFromAmong("promote", "abort");
        Option<int?> outage = new("--outage")
        {
            Description = "Stops Prometheus for so many seconds when the first analysis begins: nothing fails, nothing passes, nothing is rolled back",
            HelpName = "SECONDS",
        };
        outage.Checked(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is > 0 and <= 3600
            ? null
            : $"--outage {text}: must be seconds from 1 to 3600");
        Option<Uri?> engine = ServerOptions.Address(
            "--engine", "Runs the release on an engine outside this process, for instance the durable app at http://localhost:7071");
        Option<string?> key = ServerOptions.KeyOption("The token or function key of that engine; default $ROLLOUTS_KEY");
        Option<OutputFormat> output = SharedOptions.Output();
        CliCommand command = new("demo", "Runs a canary to its end under real traffic: real nginx, real Prometheus, everything on 127.0.0.1.")
        {
            scenario, failOnPause, decide, outage, engine, key, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DemoSettings settings = new()
            {
                FailOnPause = parsed.GetValue(failOnPause),
                Decide = parsed.GetValue(decide) is { } name && CommandName.TryParse(name, out Journal.Command given) ? given : null,
                Outage = parsed.GetValue(outage),
                Engine = parsed.GetValue(engine),
                Key = parsed.GetValue(key) ?? ServerOptions.EnvironmentKey,
                Output = parsed.GetValue(output),
            };
            try
            {
                await SandboxPrograms.InstallAsync(console.Error, cancellationToken).ConfigureAwait(false);
                return await new DemoRun(console, DemoScenario.All.Single(s => s.Name == parsed.GetRequiredValue(scenario)), settings)
                    .RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ChildProcessException failure)
            {
                throw new InvalidInputException(failure.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await console.Error.WriteLineAsync("interrupted").ConfigureAwait(false);
                return ExitCode.GaveUp;
            }
        });
        return command;
    }
}
