using Rollouts.Policy;

namespace Rollouts.Analysis;

/// <summary>A metric of an analysis run, its arguments filled in. Field meanings and defaults are Argo's.</summary>
public sealed record Metric
{
    /// <summary>Required, unique in a run.</summary>
    public required string Name { get; init; }

    /// <summary>Which of the release's templates it is of, by <see cref="TemplateReference.Key"/>. Null: of none, or not known in a run that an earlier build began.</summary>
    public string? Template { get; init; }

    /// <summary>From the end of one measurement to the start of the next. Null (the default) means one measurement.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>From the start of the run to this metric's first measurement. Default none.</summary>
    public TimeSpan? InitialDelay { get; init; }

    /// <summary>How many measurements; errors are not counted. Null or 0: one without an interval, no end with one.</summary>
    public int? Count { get; init; }

    /// <summary>expr-lang; see <see cref="Expressions.Condition"/>.</summary>
    public string? SuccessCondition { get; init; }

    /// <summary>expr-lang; wins over the success condition.</summary>
    public string? FailureCondition { get; init; }

    /// <summary>The metric fails when more measurements than this have failed, over the whole run. Default 0; -1 switches the limit off.</summary>
    public int FailureLimit { get; init; }

    /// <summary>The metric is inconclusive when more measurements than this were. Default 0.</summary>
    public int InconclusiveLimit { get; init; }

    /// <summary>The metric errs when more measurements than this erred in a row. Null stands for Argo's 4.</summary>
    public int? ConsecutiveErrorLimit { get; init; }

    /// <summary>The metric succeeds as soon as so many measurements in a row did. Default 0: off.</summary>
    public int ConsecutiveSuccessLimit { get; init; }

    /// <summary>Where the value comes from: either this or <see cref="Web"/>.</summary>
    public PrometheusQuery? Prometheus { get; init; }

    /// <summary>Where the value comes from, when it is not Prometheus.</summary>
    public WebQuery? Web { get; init; }

    /// <summary>What is filled in when a measurement is taken. Null: nothing comes from secrets.</summary>
    public MetricSecrets? Secrets { get; init; }

    /// <summary>How many requests a measurement needs, by the policy; with fewer it has no data. Null: none are counted.</summary>
    public RequestMinimum? Minimum { get; init; }

    /// <summary>How many measurements are kept. Null stands for Argo's 10.</summary>
    public int? MeasurementsKept { get; init; }

    /// <summary>True shows the verdict without letting it count. Default false.</summary>
    public bool DryRun { get; init; }
}
