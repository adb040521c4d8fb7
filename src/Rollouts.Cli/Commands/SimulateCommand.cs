using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rollouts.Cli.Local;
using Rollouts.Cli.Output;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Simulation;
using Rollouts.Simulation.Timeline;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts simulate</c>: a whole rollout in virtual time.</summary>
internal static class SimulateCommand
{
    private const int MostAlike = 5;

    public static Command Create(CliConsole console)
    {
        Option<string[]> files = SharedOptions.Files();
        Option<string?> series = SharedOptions.Series();
        Option<string?> decisions = new("--decisions")
        {
            Description = """What people decide: [{"at": seconds, "command": "promote|promote-full|abort|retry|pause|resume|restart|supersede", "by": "name", "reason": "text", "fromStep": 1}]""",
            HelpName = "DECISIONS.json",
        };
        Option<string?> templates = SharedOptions.Templates();
        Option<string?> cluster = new("--cluster")
        {
            Description = """How the cluster behaves: {"podStartupSeconds": 20, "stableReplicas": 5, "firstDeployment": false, "versionsAgo": 1, "startsAt": "2026-11-27T15:00:00+01:00", "requestsPerSecond": 50, "requestChanges": [{"at": seconds, "perSecond": 5}], "faults": [{"what": "traffic|workload|pods|metrics", "at": seconds, "for": seconds}]}""",
            HelpName = "CLUSTER.json",
        };
        Option<TimelineFormat> output = new("--output", "-o") { Description = "text, json or svg", DefaultValueFactory = _ => TimelineFormat.Text };
        Command command = new("simulate", "Runs a whole rollout in virtual time, with the machine that production runs. A metric without a series succeeds.")
        {
            files, templates, series, decisions, cluster, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Release release = await ReleaseInput
                .ReadAsync(console, parsed.GetRequiredValue(files), LocalTemplates.Open(parsed.GetValue(templates), null), cancellationToken)
                .ConfigureAwait(false);
            SimulationResult result = RolloutSimulator.Run(
                release,
                InputFiles.Series(parsed.GetValue(series)),
                DecisionInput.Read(parsed.GetValue(decisions)),
                ClusterInput.Read(parsed.GetValue(cluster)));
            switch (parsed.GetValue(output))
            {
                case TimelineFormat.Json:
                    console.Out.WriteLine(JsonSerializer.Serialize(result, CliJson.Readable.SimulationResult));
                    break;
                case TimelineFormat.Svg:
                    console.Out.WriteLine(TimelineSvg.Draw(result, $"{release.Namespace}/{release.Name}"));
                    break;
                default:
                    Print(console, release, result);
                    break;
            }

            return result.Outcome is { } outcome ? ExitCode.Of(outcome) : ExitCode.Waiting;
        });
        return command;
    }

    private static void Print(CliConsole console, Release release, SimulationResult result)
    {
        int steps = release.Steps.Count;
        if (release.Policy.Schedule is not null)
        {
            console.Out.WriteLine(result.StartsAt.ToString("'Starts on' ddd yyyy-MM-dd 'at' HH:mm zzz", CultureInfo.InvariantCulture));
        }

        for (int i = 0; i < result.Events.Count;)
        {
            SimulatedEvent happened = result.Events[i];
            string step = happened.Step is { } index ? $"{index + 1}/{steps}" : "-";
            console.Out.WriteLine($"{TimeOf(happened.At),12}  step {step,-6} weight {happened.Weight,3}  {happened.Type,-24} {happened.Message}");
            int same = Alike(result.Events, i);
            if (same > MostAlike)
            {
                console.Out.WriteLine($"{"",12}  … {same - 1} times more, until {TimeOf(result.Events[i + same - 1].At)}");
            }

            i += same > MostAlike ? same : 1;
        }

        string requests = result.CanaryRequests is { } some ? $" ({some})" : "";
        console.Out.WriteLine($"The canary got {(result.CanaryShare * 100).ToString("0.#", CultureInfo.InvariantCulture)} % of the requests{requests}");
        console.Out.WriteLine($"{result.Outcome?.ToString() ?? "Not ended"} ({result.Phase}) after {TimeOf(result.DurationSeconds)}: {result.Message}");
    }

    // A day of the same answer is one line.
    private static int Alike(IReadOnlyList<SimulatedEvent> events, int first) =>
        events[first].Type != Journal.EventType.Measured ? 1 : events.Skip(first).TakeWhile(e => e with { At = events[first].At } == events[first]).Count();

    private static string TimeOf(double seconds) => GoDuration.Format(TimeSpan.FromSeconds(seconds));
}

/// <summary>How a simulation is printed.</summary>
internal enum TimelineFormat
{
    Text,
    Json,
    Svg,
}
