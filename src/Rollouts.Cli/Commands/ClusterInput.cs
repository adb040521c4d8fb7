using System.Text.Json;
using System.Text.Json.Serialization;
using Rollouts.Cli.Output;
using Rollouts.Simulation;

namespace Rollouts.Cli.Commands;

/// <summary>How the cluster of a simulation behaves, as its file gives it. What it leaves out is as in <see cref="ClusterBehavior.Obedient"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ClusterInput
{
    public double? PodStartupSeconds { get; init; }

    public int? StableReplicas { get; init; }

    public bool? FirstDeployment { get; init; }

    public int? VersionsAgo { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    public double? RequestsPerSecond { get; init; }

    public IReadOnlyList<RequestChangeInput>? RequestChanges { get; init; }

    public IReadOnlyList<FaultInput>? Faults { get; init; }

    public static ClusterBehavior Read(string? name)
    {
        if (name is null)
        {
            return ClusterBehavior.Obedient;
        }

        try
        {
            ClusterBehavior read = (JsonSerializer.Deserialize(InputFiles.Text(name), CliJson.Readable.ClusterInput) ?? new()).ToBehavior();
            return read.Problem() is { } problem ? throw new InvalidInputException($"{name}: {problem}") : read;
        }
        catch (JsonException problem)
        {
            throw new InvalidInputException($"{name}:{problem.LineNumber + 1}: {problem.Path}: {problem.Message}");
        }
    }

    private ClusterBehavior ToBehavior()
    {
        ClusterBehavior standard = ClusterBehavior.Obedient;
        return new ClusterBehavior
        {
            PodStartupSeconds = PodStartupSeconds ?? standard.PodStartupSeconds,
            StableReplicas = StableReplicas ?? standard.StableReplicas,
            FirstDeployment = FirstDeployment ?? standard.FirstDeployment,
            VersionsAgo = VersionsAgo,
            StartsAt = StartsAt ?? standard.StartsAt,
            RequestsPerSecond = RequestsPerSecond,
            RequestChanges = [.. (RequestChanges ?? []).Select(c => new RequestChange(c.At, c.PerSecond))],
            Faults = [.. (Faults ?? []).Select(f => f.ToFault())],
        };
    }
}

/// <summary>Another number of requests, as the file gives it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RequestChangeInput
{
    [JsonRequired]
    public double At { get; init; }

    [JsonRequired]
    public double PerSecond { get; init; }
}

/// <summary>A fault, as the file gives it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FaultInput
{
    [JsonRequired]
    public FaultyPart What { get; init; }

    public double? At { get; init; }

    public double? For { get; init; }

    public FailureKind? Kind { get; init; }

    public string? Message { get; init; }

    public SimulatedFault ToFault()
    {
        SimulatedFault standard = new() { What = What };
        return standard with { At = At ?? standard.At, For = For, Kind = Kind ?? standard.Kind, Message = Message ?? standard.Message };
    }
}
