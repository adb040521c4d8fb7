using System.Text.Json.Serialization;

namespace Rollouts.Analysis;

/// <summary>Metrics on their way to a verdict.</summary>
public sealed record AnalysisRun
{
    /// <summary>Unique in the rollout: attempt, step and number of the run.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Running until every metric that counts has a verdict.</summary>
    public MeasurementPhase Phase { get; init; } = MeasurementPhase.Running;

    /// <summary>Which metric decided, and why.</summary>
    public string? Message { get; init; }

    public IReadOnlyList<MetricResult> Metrics { get; init; } = [];

    [JsonIgnore]
    public bool IsCompleted => CompletedAt is not null;
}

/// <summary>What a metric has shown so far. Counters run over the whole run, as in Argo.</summary>
public sealed record MetricResult
{
    public required Metric Metric { get; init; }

    public MeasurementPhase Phase { get; init; } = MeasurementPhase.Pending;

    public string? Message { get; init; }

    /// <summary>Measurements that count; errors do not.</summary>
    public int Count { get; init; }

    public int Successful { get; init; }

    public int Failed { get; init; }

    public int Inconclusive { get; init; }

    public int Error { get; init; }

    public int ConsecutiveError { get; init; }

    public int ConsecutiveSuccess { get; init; }

    /// <summary>How many were taken in all, errors too; the next one has the number after it.</summary>
    public int Taken { get; init; }

    /// <summary>The last ten unless <see cref="Metric.MeasurementsKept"/> says otherwise, oldest first, as Argo keeps them.</summary>
    public IReadOnlyList<Measurement> Measurements { get; init; } = [];

    /// <summary>Since when measurements have brought nothing (no data, or errors), without one that did; null while they do.</summary>
    public DateTimeOffset? StarvedSince { get; init; }

    [JsonIgnore]
    public bool IsCompleted => Phase is not (MeasurementPhase.Pending or MeasurementPhase.Running);
}

/// <summary>One value and what the conditions made of it.</summary>
public sealed record Measurement
{
    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    public required MeasurementPhase Phase { get; init; }

    /// <summary>In Prometheus' notation, at most 1,000 characters; null when there was none.</summary>
    public string? Value { get; init; }

    public string? Message { get; init; }

    /// <summary>
    /// True when the value was empty or NaN only, and no condition asks for that itself (by <c>len</c>, <c>isNaN</c> or <c>isNil</c>).
    /// <see cref="Phase"/> is Argo's all the same.
    /// </summary>
    public bool NoData { get; init; }
}
