using Rollouts.Analysis;

namespace Rollouts.Cli.Output;

/// <summary>An analysis run as <c>rollouts analyze</c> prints it. Times are in seconds from its start.</summary>
internal sealed record AnalysisOutput(MeasurementPhase Phase, string Message, IReadOnlyList<MetricOutput> Metrics)
{
    public static AnalysisOutput Of(AnalysisRun run, DateTimeOffset start) => new(
        run.Phase,
        run.Message ?? "",
        [
            .. run.Metrics.Select(m => new MetricOutput
            {
                Name = m.Metric.Name,
                Phase = m.Phase,
                Message = m.Message ?? "",
                Count = m.Count,
                Successful = m.Successful,
                Failed = m.Failed,
                Inconclusive = m.Inconclusive,
                Error = m.Error,
                ConsecutiveError = m.ConsecutiveError,
                ConsecutiveSuccess = m.ConsecutiveSuccess,
                Measurements =
                [
                    .. m.Measurements.Select(t => new MeasurementOutput(
                        (t.StartedAt - start).TotalSeconds, t.Value ?? "", t.Phase, t.Message ?? "")),
                ],
            }),
        ]);
}

/// <summary>A metric of it.</summary>
internal sealed record MetricOutput
{
    public required string Name { get; init; }
    public required MeasurementPhase Phase { get; init; }
    public required string Message { get; init; }
    public required int Count { get; init; }
    public required int Successful { get; init; }
    public required int Failed { get; init; }
    public required int Inconclusive { get; init; }
    public required int Error { get; init; }
    public required int ConsecutiveError { get; init; }
    public required int ConsecutiveSuccess { get; init; }

    /// <summary>The last ten, as Argo keeps them.</summary>
    public required IReadOnlyList<MeasurementOutput> Measurements { get; init; }
}

/// <summary>A measurement of it.</summary>
internal sealed record MeasurementOutput(double At, string Value, MeasurementPhase Phase, string Message);
