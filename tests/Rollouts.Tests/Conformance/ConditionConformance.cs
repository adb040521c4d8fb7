using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Tests.Conformance;

/// <summary>
/// What conditions make of a value, by Argo's own tests and documentation. What expr-lang itself has given for many more stands beside the tests of the language.
/// </summary>
public sealed class ConditionConformance
{
    public static IEnumerable<TheoryDataRow<ConditionRow>> Rows => ConformanceRows.Read<ConditionRow>("conditions.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Evaluate_Conditions_GiveArgosPhase(ConditionRow row)
    {
        (MeasurementPhase phase, string? message) = MeasurementEvaluation.Evaluate(
            MetricValue.ParsePrometheusNotation(row.Result), row.Success, row.Failure, DateTimeOffset.UnixEpoch);

        Assert.Equal(row.Phase, phase);
        Assert.Contains(row.Message, message ?? "", StringComparison.Ordinal);
        Assert.Equal(phase == MeasurementPhase.Error, message is not null);
    }
}

/// <param name="Source">Where Argo says so.</param>
/// <param name="Result">The value, in Prometheus' notation.</param>
/// <param name="Phase">The measurement's.</param>
/// <param name="Success">The success condition.</param>
/// <param name="Failure">The failure condition.</param>
/// <param name="Message">A part of the error.</param>
public sealed record ConditionRow(
    string Source, string Result, MeasurementPhase Phase, string? Success = null, string? Failure = null, string Message = "") : IConformanceRow;
