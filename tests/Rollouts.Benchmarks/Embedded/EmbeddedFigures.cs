using System.Text.Json.Serialization;

namespace Rollouts.Benchmarks.Embedded;

/// <summary>What one run measured. Times from due to done are in milliseconds.</summary>
internal sealed record EmbeddedFigures
{
    public required int Rollouts { get; init; }

    public required double MeasurementsPerSecond { get; init; }

    /// <summary>CPU seconds of the engine's process per second, the stub's not counted.</summary>
    public required double Cores { get; init; }

    public required double KernelCores { get; init; }

    /// <summary>The most that was resident at any time, the starts included.</summary>
    public required double Megabytes { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    public required double Max { get; init; }

    public required double StateMegabytes { get; init; }

    public double MicrosecondsPerRollout => Cores * 1e6 / Rollouts;
}

[JsonSerializable(typeof(EmbeddedFigures))]
internal sealed partial class FiguresJson : JsonSerializerContext;
