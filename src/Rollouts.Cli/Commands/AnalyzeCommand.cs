using System.CommandLine;
using System.Text.Json;
using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Cli.Output;
using Rollouts.Manifests;
using Rollouts.Simulation;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts analyze</c>: a template over given values, in virtual time.</summary>
internal static class AnalyzeCommand
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(30);

    public static Command Create(CliConsole console)
    {
        Option<string[]> files = SharedOptions.Files();
        Option<string[]> templates = new("--template") { Description = "The template's name; several are merged as an analysis step does", Required = true, HelpName = "NAME" };
        Option<string[]> args = new("--arg") { Description = "A value for one of the template's arguments", HelpName = "k=v", DefaultValueFactory = _ => [] };
        Option<string?> series = SharedOptions.Series();
        series.Required = true;
        Option<OutputFormat> output = SharedOptions.Output();
        Command command = new("analyze", "Runs a template over given values in virtual time, by Argo's rules to the letter.")
        {
            files, templates, args, series, output,
        };
        command.SetAction(parsed =>
        {
            IReadOnlyList<Metric> metrics = Metrics(
                console,
                InputFiles.Manifests(parsed.GetRequiredValue(files)),
                parsed.GetRequiredValue(templates),
                [.. parsed.GetRequiredValue(args).Select(Argument)]);
            MetricSeries given = InputFiles.Series(parsed.GetValue(series));
            string[] without = [.. metrics.Select(m => m.Name).Except(given.Names)];
            if (without.Length > 0)
            {
                throw new InvalidInputException(
                    $"{parsed.GetValue(series)}: no values for metric {string.Join(", ", without)}; give each metric a list, as in {{\"{without[0]}\": [0.01]}}");
            }

            AnalysisRun run = AnalysisSimulator.Run(metrics, given, Start);
            Print(console, AnalysisOutput.Of(run, Start), parsed.GetValue(output));
            return ExitCode.Ok;
        });
        return command;
    }

    private static IReadOnlyList<Metric> Metrics(
        CliConsole console, IReadOnlyList<ManifestFile> files, IReadOnlyList<string> names, IReadOnlyList<AnalysisArgument> args)
    {
        ReleaseReading reading = ReleaseReader.ReadTemplates(files);
        foreach (ManifestProblem problem in reading.Problems)
        {
            console.Error.WriteLine(problem);
        }

        if (reading.HasErrors)
        {
            throw new InvalidInputException("the manifests have errors");
        }

        AnalysisTemplate[] templates =
        [
            .. names.Select(n => reading.Templates.GetValueOrDefault(n) ?? reading.Templates.GetValueOrDefault($"cluster/{n}")
                ?? throw new InvalidInputException(
                    $"--template {n}: there is no such template; the files hold {(reading.Templates.Count == 0 ? "none" : string.Join(", ", reading.Templates.Keys))}")),
        ];
        (IReadOnlyList<Metric>? metrics, IReadOnlyList<ArgumentProblem> problems) = ArgumentResolution.Resolve(templates, args, null, null, []);
        return metrics ?? throw new InvalidInputException(string.Join('\n', problems.Select(p => p.Message)));
    }

    private static AnalysisArgument Argument(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new AnalysisArgument(text[..equals], text[(equals + 1)..])
            : throw new InvalidInputException($"--arg {text}: must be name=value");
    }

    private static void Print(CliConsole console, AnalysisOutput result, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            console.Out.WriteLine(JsonSerializer.Serialize(result, CliJson.Readable.AnalysisOutput));
            return;
        }

        console.Out.WriteLine(result.Message.Length > 0 ? $"{result.Phase}: {result.Message}" : result.Phase.ToString());
        foreach (MetricOutput metric in result.Metrics)
        {
            console.Out.WriteLine(
                $"{metric.Name}: {metric.Phase}; {metric.Successful} successful, {metric.Failed} failed, {metric.Inconclusive} inconclusive, {metric.Error} errors");
            foreach (MeasurementOutput taken in metric.Measurements)
            {
                console.Out.WriteLine($"  {taken.At,7:0.###} s  {taken.Phase,-12} {taken.Value}{(taken.Message.Length > 0 ? "  " + taken.Message : "")}");
            }
        }
    }
}
