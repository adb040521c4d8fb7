using Spectre.Console;

namespace Rollouts.Cli.Output;

/// <summary>Where a command writes: results to <see cref="Out"/>, errors to <see cref="Error"/>, live views to <see cref="Screen"/>.</summary>
public sealed record CliConsole(TextWriter Out, TextWriter Error, IAnsiConsole Screen)
{
    /// <summary>This process's own.</summary>
    public static CliConsole System { get; } = new(Console.Out, Console.Error, AnsiConsole.Console);
}
