using System.Text.Json;
using Rollouts.Cli.Output;
using Spectre.Console.Testing;

namespace Rollouts.Cli.Tests;

/// <summary>One run of the command, in this process.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error, string Screen)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static async Task<CliRun> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        using TestConsole screen = new();
        int code = await RolloutsCommand.RunAsync(args, new CliConsole(output, error, screen));
        return new CliRun(code, output.ToString(), error.ToString(), screen.Output);
    }
}
