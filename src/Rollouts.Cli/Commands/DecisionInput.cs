using System.Text.Json;
using System.Text.Json.Serialization;
using Rollouts.Cli.Output;
using Rollouts.Journal;
using Rollouts.Simulation;

namespace Rollouts.Cli.Commands;

/// <summary>A decision of a simulation, as its file gives it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DecisionInput
{
    [JsonRequired]
    public double At { get; init; }

    [JsonRequired]
    public string Command { get; init; } = "";

    public string? By { get; init; }

    public string? Reason { get; init; }

    public int? FromStep { get; init; }

    public static IReadOnlyList<SimulatedDecision> Read(string? name)
    {
        if (name is null)
        {
            return [];
        }

        try
        {
            IReadOnlyList<DecisionInput> given =
                JsonSerializer.Deserialize(InputFiles.Text(name), CliJson.Readable.IReadOnlyListDecisionInput) ?? [];
            return [.. given.Select((d, i) => d.ToDecision($"{name}: [{i}]"))];
        }
        catch (JsonException problem)
        {
            throw new InvalidInputException(
                $"{name}:{problem.LineNumber + 1}: {problem.Path}: must be a list of {{\"at\": seconds, \"command\": …, \"by\": name}}: {problem.Message}");
        }
    }

    private SimulatedDecision ToDecision(string place)
    {
        if (!double.IsFinite(At) || At < 0 || At > TimeSpan.FromDays(3650).TotalSeconds)
        {
            throw new InvalidInputException($"{place}.at: {At} must be seconds from the start, from 0 to ten years");
        }

        // A newer release supersedes an older one; that is given by an engine, never by people.
        string supersede = CommandName.Of(Journal.Command.Supersede);
        bool isKnown = CommandName.TryParse(Command, out Journal.Command command);
        if (Command == supersede)
        {
            (isKnown, command) = (true, Journal.Command.Supersede);
        }

        if (FromStep is not null && command != Journal.Command.Retry)
        {
            throw new InvalidInputException($"{place}.fromStep: goes with retry only");
        }

        return isKnown
            ? new SimulatedDecision(TimeSpan.FromSeconds(At), command, By ?? "simulation", Reason) { FromStep = FromStep }
            : throw new InvalidInputException($"{place}.command: \"{Command}\" must be one of {CommandName.All}, {supersede}");
    }
}
