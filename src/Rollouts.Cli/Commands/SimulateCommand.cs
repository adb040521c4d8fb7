using System.CommandLine;
using System.Text.Json;
using Rollouts.Cli.Local;
using Rollouts.Cli.Output;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Simulation;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts simulate</c>: a whole rollout in virtual time.</summary>
internal static class SimulateCommand
{
    public static Command Create(CliConsole console)
    {
        Option<string[]> files = SharedOptions.Files();
        Option<string?> series = SharedOptions.Series();
        Option<string?> decisions = new("--decisions")
        {
            Description = """What people decide: [{"at": seconds, "command": "promote|promote-full|abort|retry|pause|resume", "by": "name"}]""",
            HelpName = "DECISIONS.json",
        };
        Option<string?> templates = SharedOptions.Templates();
        Option<OutputFormat> output = SharedOptions.Output();
        Command command = new("simulate", "Runs a whole rollout in virtual time, with the machine that production runs. A metric without a series succeeds.")
        {
            files, templates, series, decisions, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Release release = await ReleaseInput
                .ReadAsync(console, parsed.GetRequiredValue(files), LocalTemplates.Open(parsed.GetValue(templates), null), cancellationToken)
                .ConfigureAwait(false);
            SimulationResult result = RolloutSimulator.Run(
                release, InputFiles.Series(parsed.GetValue(series)), DecisionInput.Read(parsed.GetValue(decisions)));
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                console.Out.WriteLine(JsonSerializer.Serialize(result, CliJson.Readable.SimulationResult));
            }
            else
            {
                Print(console, release, result);
            }

            return result.Outcome is { } outcome ? ExitCode.Of(outcome) : ExitCode.Waiting;
        });
        return command;
    }

    private static void Print(CliConsole console, Release release, SimulationResult result)
    {
        int steps = release.Steps.Count;
        foreach (SimulatedEvent happened in result.Events)
        {
            string step = happened.Step is { } index ? $"{index + 1}/{steps}" : "-";
            console.Out.WriteLine($"{TimeOf(happened.At),12}  step {step,-6} weight {happened.Weight,3}  {happened.Type,-24} {happened.Message}");
        }

        console.Out.WriteLine($"{result.Outcome?.ToString() ?? "Not ended"} ({result.Phase}) after {TimeOf(result.DurationSeconds)}: {result.Message}");
    }

    private static string TimeOf(double seconds) => GoDuration.Format(TimeSpan.FromSeconds(seconds));
}
