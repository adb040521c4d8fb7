using System.CommandLine;
using System.Text.Json;
using Rollouts.Cli.Local;
using Rollouts.Cli.Output;
using Rollouts.Manifests;
using Rollouts.Manifests.Lint;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts validate</c>.</summary>
internal static class ValidateCommand
{
    public static Command Create(CliConsole console)
    {
        Option<string[]> files = SharedOptions.Files();
        Option<string> scrapes = new("--scrape-interval")
        {
            Description = "How often Prometheus scrapes, where no annotation rolloutfunctions/scrape-interval says so",
            DefaultValueFactory = _ => GoDuration.Format(LintOptions.Default.ScrapeInterval),
            HelpName = "DURATION",
        };
        Option<string?> templates = SharedOptions.Templates();
        Option<OutputFormat> output = SharedOptions.Output();
        Command command = new("validate", "Reads manifests and prints every problem as file:line: path: message.") { files, templates, scrapes, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<ManifestFile> manifests = await ReleaseIntake
                .GatherAsync(
                    InputFiles.Manifests(parsed.GetRequiredValue(files)),
                    LocalTemplates.Open(parsed.GetValue(templates), null),
                    TimeProvider.System,
                    cancellationToken)
                .ConfigureAwait(false);
            IReadOnlyList<ManifestProblem> problems = ReleaseReader.Validate(
                manifests, new LintOptions { ScrapeInterval = Interval(parsed.GetRequiredValue(scrapes)) });
            bool valid = !problems.Any(p => p.Severity == ProblemSeverity.Error);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                console.Out.WriteLine(JsonSerializer.Serialize(new ValidationOutput(valid, problems), CliJson.Readable.ValidationOutput));
            }
            else
            {
                Print(console, problems, valid);
            }

            return valid ? ExitCode.Ok : ExitCode.Invalid;
        });
        return command;
    }

    private static TimeSpan Interval(string text) => GoDuration.TryParse(text, out TimeSpan interval) && interval > TimeSpan.Zero
        ? interval
        : throw new InvalidInputException($"--scrape-interval {text}: must be a duration such as 15s or 1m");

    private static void Print(CliConsole console, IReadOnlyList<ManifestProblem> problems, bool valid)
    {
        foreach (ManifestProblem problem in problems)
        {
            console.Error.WriteLine(problem);
        }

        int errors = problems.Count(p => p.Severity == ProblemSeverity.Error);
        console.Out.WriteLine(valid
            ? $"valid, {problems.Count} {(problems.Count == 1 ? "warning" : "warnings")}"
            : $"not valid: {errors} {(errors == 1 ? "error" : "errors")}, {problems.Count - errors} warnings");
    }
}

internal sealed record ValidationOutput(bool Valid, IReadOnlyList<ManifestProblem> Problems);
