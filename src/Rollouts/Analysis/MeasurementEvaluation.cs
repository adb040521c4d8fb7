using Rollouts.Analysis.Expressions;

namespace Rollouts.Analysis;

/// <summary>
/// The truth table that turns a provider's value and the two conditions of a metric into a phase, as Argo Rollouts does
/// (<c>EvaluateResult</c> in <c>utils/evaluate/evaluate.go</c>): the success condition is evaluated first, an error in
/// either is an <see cref="MeasurementPhase.Error"/> even if the other one holds, and failure wins over success.
/// </summary>
public static class MeasurementEvaluation
{
    /// <summary>Evaluates conditions that have been parsed already; null means that the condition is not given.</summary>
    /// <returns>The phase, and for <see cref="MeasurementPhase.Error"/> a message that names the condition.</returns>
    public static (MeasurementPhase Phase, string? Message) Evaluate(
        MetricValue value, Condition? success, Condition? failure, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!TryEvaluate("successCondition", value, success, now, out var succeeded, out var message)
            || !TryEvaluate("failureCondition", value, failure, now, out var failed, out message))
        {
            return (MeasurementPhase.Error, message);
        }

        return (Decide(succeeded, failed), null);
    }

    /// <summary>
    /// Evaluates conditions as they stand in a manifest; null or empty means that the condition is not given. A condition
    /// that cannot be parsed is an error of the measurement, as it is for Argo.
    /// </summary>
    /// <returns>The phase, and for <see cref="MeasurementPhase.Error"/> a message that names the condition.</returns>
    public static (MeasurementPhase Phase, string? Message) Evaluate(
        MetricValue value, string? success, string? failure, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!TryParse("successCondition", value, success, out var parsedSuccess, out var message)
            || !TryEvaluate("successCondition", value, parsedSuccess, now, out var succeeded, out message)
            || !TryParse("failureCondition", value, failure, out var parsedFailure, out message)
            || !TryEvaluate("failureCondition", value, parsedFailure, now, out var failed, out message))
        {
            return (MeasurementPhase.Error, message);
        }

        return (Decide(succeeded, failed), null);
    }

    private static MeasurementPhase Decide(bool? succeeded, bool? failed) => (succeeded, failed) switch
    {
        (_, true) => MeasurementPhase.Failed,
        (true, _) or (null, _) => MeasurementPhase.Successful,
        (false, null) => MeasurementPhase.Failed,
        (false, false) => MeasurementPhase.Inconclusive,
    };

    private static bool TryParse(
        string name, MetricValue value, string? source, out Condition? condition, out string? message)
    {
        condition = null;
        message = null;
        if (string.IsNullOrEmpty(source) || Condition.TryParse(source, out condition, out var problem))
        {
            return true;
        }

        message = Describe(name, source, value, problem!.Message);
        return false;
    }

    private static bool TryEvaluate(
        string name, MetricValue value, Condition? condition, DateTimeOffset now, out bool? holds, out string? message)
    {
        holds = null;
        message = null;
        if (condition is null)
        {
            return true;
        }

        try
        {
            holds = condition.Evaluate(value, now);
            return true;
        }
        catch (ConditionException e)
        {
            message = Describe(name, condition.Source, value, e.Problem.Message);
            return false;
        }
    }

    // Argo says that there was no data instead of what went wrong, whatever went wrong.
    private static string Describe(string name, string source, MetricValue value, string problem) =>
        $"could not evaluate {name} \"{source}\": "
        + (value.IsNilOrEmpty ? "metric result is nil or empty: no data returned from the metric provider" : problem);
}
