using Rollouts.Manifests;
using Rollouts.Simulation;

namespace Rollouts.Cli.Commands;

/// <summary>Reads what a command line names.</summary>
internal static class InputFiles
{
    public static IReadOnlyList<ManifestFile> Manifests(IEnumerable<string> names) =>
        [.. names.Select(n => new ManifestFile(n == "-" ? "stdin" : n, Text(n)))];

    public static MetricSeries Series(string? name)
    {
        if (name is null)
        {
            return MetricSeries.Empty;
        }

        try
        {
            return MetricSeries.Parse(Text(name));
        }
        catch (SeriesFormatException problem)
        {
            throw new InvalidInputException($"{name}: {problem.Message}");
        }
    }

    public static string Text(string name)
    {
        if (name.Length == 0)
        {
            throw new InvalidInputException("'' names no file; give a path, or - for standard input");
        }

        try
        {
            return name == "-" ? Console.In.ReadToEnd() : File.ReadAllText(name);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidInputException($"{name}: can't be read: {problem.Message}");
        }
    }
}
