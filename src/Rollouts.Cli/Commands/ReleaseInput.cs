using Rollouts.Cli.Output;
using Rollouts.Manifests;
using Rollouts.Manifests.Lint;

namespace Rollouts.Cli.Commands;

/// <summary>Reads a release for a command that needs one.</summary>
internal static class ReleaseInput
{
    /// <param name="console">Gets the problems.</param>
    /// <param name="files">The files' names.</param>
    /// <param name="templates">Where templates are looked for that the files do not hold.</param>
    /// <param name="cancellationToken">Gives up looking.</param>
    public static async Task<Release> ReadAsync(
        CliConsole console, IEnumerable<string> files, ITemplateSource templates, CancellationToken cancellationToken) =>
        Read(console, await ReleaseIntake
            .GatherAsync(InputFiles.Manifests(files), templates, TimeProvider.System, cancellationToken).ConfigureAwait(false));

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
