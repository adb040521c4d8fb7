using Rollouts.Analysis.Expressions;

namespace Rollouts.Analysis;

/// <summary>Makes a measurement of a value, by the metric's conditions.</summary>
public static class MetricVerdict
{
    private const int MostCharacters = 1000;

    /// <param name="metric">Whose conditions.</param>
    /// <param name="value">What was measured; null when <paramref name="failure"/> says why there is none.</param>
    /// <param name="failure">Why there is no value.</param>
    /// <param name="startedAt">When the question was asked.</param>
    /// <param name="finishedAt">When it was answered; what <c>now()</c> gives in a condition.</param>
    public static Measurement Judge(Metric metric, MetricValue? value, string? failure, DateTimeOffset startedAt, DateTimeOffset finishedAt) =>
        Judge(metric, value, failure, startedAt, finishedAt, new Redaction());

    internal static Measurement Judge(
        Metric metric, MetricValue? value, string? failure, DateTimeOffset startedAt, DateTimeOffset finishedAt, Redaction redaction)
    {
        if (value is null)
        {
            return new Measurement
            {
                StartedAt = startedAt,
                FinishedAt = finishedAt,
                Phase = MeasurementPhase.Error,
                Message = Shorten(redaction.CleanCut(failure)),
            };
        }

        (MeasurementPhase phase, string? message) =
            MeasurementEvaluation.Evaluate(value, metric.SuccessCondition, metric.FailureCondition, finishedAt);
        return new Measurement
        {
            StartedAt = startedAt,
            FinishedAt = finishedAt,
            Phase = phase,
            Value = Shorten(redaction.Clean(value.ToString())),
            Message = Shorten(redaction.Clean(message)),
            NoData = value.HasNoData && !AsksForNoData(metric.SuccessCondition) && !AsksForNoData(metric.FailureCondition),
        };
    }

    private static bool AsksForNoData(string? condition) =>
        condition is not null
        && Condition.TryParse(condition, out Condition? parsed, out _)
        && (parsed.Functions.Contains("len") || parsed.Functions.Contains("isNaN") || parsed.Functions.Contains("isNil"));

    private static string? Shorten(string? text) =>
        text is null || text.Length <= MostCharacters ? text : string.Concat(text.AsSpan(0, MostCharacters - 1), "…");
}
