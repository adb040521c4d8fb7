using Rollouts.Cli.Output;
using Rollouts.Manifests;
using Rollouts.Manifests.Lint;

namespace Rollouts.Cli.Commands;

/// <summary>Reads a release for a command that needs one.</summary>
internal static class ReleaseInput
{
    public static Release Read(CliConsole console, IEnumerable<string> files) => Read(console, InputFiles.Manifests(files));

    public static Release Read(CliConsole console, IReadOnlyList<ManifestFile> files)
    {
        ReleaseReading reading = ReleaseReader.Read(files, LintOptions.Default);
        foreach (ManifestProblem problem in reading.Problems)
        {
            console.Error.WriteLine(problem);
        }

        return reading.Release
            ?? throw new InvalidInputException($"the release has {reading.Problems.Count(p => p.Severity == ProblemSeverity.Error)} errors");
    }
}
