using System.Text.Json;
using Rollouts.Cli.Output;
using Rollouts.Simulation;

namespace Rollouts.Cli.Commands;

/// <summary>Reads how the cluster of a simulation behaves.</summary>
internal static class ClusterInput
{
    public static ClusterBehavior Read(string? name)
    {
        if (name is null)
        {
            return ClusterBehavior.Obedient;
        }

        try
        {
            ClusterBehavior read = JsonSerializer.Deserialize(InputFiles.Text(name), CliJson.Readable.ClusterBehavior) ?? ClusterBehavior.Obedient;
            return read.Problem() is { } problem ? throw new InvalidInputException($"{name}: {problem}") : read;
        }
        catch (JsonException problem)
        {
            throw new InvalidInputException($"{name}:{problem.LineNumber + 1}: {problem.Path}: {problem.Message}");
        }
    }
}
