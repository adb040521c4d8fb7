using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Tests.Analysis.Expressions;

public sealed class MeasurementEvaluationTests
{
    private static readonly DateTimeOffset Now = new(2026, 8, 17, 12, 0, 0, TimeSpan.Zero);

    public static IEnumerable<TheoryDataRow<RecordedCondition>> Recorded =>
        [.. RecordedConditions.Read("conditions.jsonl"), .. RecordedConditions.Read("expr-lang.jsonl")];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Evaluate_RecordedMeasurement_GivesThePhaseOfExprLang(RecordedCondition recorded)
    {
        var value = MetricValue.ParsePrometheusNotation(recorded.Result);

        var (phase, message) = MeasurementEvaluation.Evaluate(value, recorded.Success, recorded.Failure, Now);

        Assert.True(
            recorded.Phase == phase.ToString(),
            $"{recorded.Result}: {recorded.Success} / {recorded.Failure}: {phase} ({message}), not {recorded.Phase}");
    }

    [Theory]
    [InlineData(null, null, MeasurementPhase.Successful)]
    [InlineData("", "", MeasurementPhase.Successful)]
    [InlineData("true", null, MeasurementPhase.Successful)]
    [InlineData("false", null, MeasurementPhase.Failed)]
    [InlineData(null, "true", MeasurementPhase.Failed)]
    [InlineData(null, "false", MeasurementPhase.Successful)]
    [InlineData("true", "true", MeasurementPhase.Failed)]
    [InlineData("false", "true", MeasurementPhase.Failed)]
    [InlineData("true", "false", MeasurementPhase.Successful)]
    [InlineData("false", "false", MeasurementPhase.Inconclusive)]
    [InlineData("bogus", "false", MeasurementPhase.Error)]
    [InlineData("bogus", "true", MeasurementPhase.Error)]
    [InlineData("true", "bogus", MeasurementPhase.Error)]
    [InlineData("true", "1 +", MeasurementPhase.Error)]
    public void Evaluate_Conditions_FollowTheTruthTable(string? success, string? failure, MeasurementPhase expected) =>
        Assert.Equal(expected, MeasurementEvaluation.Evaluate(new ScalarValue(1), success, failure, Now).Phase);

    [Theory]
    [InlineData("NaN", "result >= 0.9", null, MeasurementPhase.Failed)]
    [InlineData("NaN", "result >= 0.9", "result < 0.9", MeasurementPhase.Inconclusive)]
    [InlineData("NaN", "result >= 0.9 || isNaN(result)", null, MeasurementPhase.Successful)]
    [InlineData("NaN", null, "result > 0.05", MeasurementPhase.Successful)]
    [InlineData("+Inf", "result >= 0.9", null, MeasurementPhase.Successful)]
    [InlineData("+Inf", null, "isInf(result)", MeasurementPhase.Failed)]
    [InlineData("[]", "result[0] <= 0.01", null, MeasurementPhase.Error)]
    [InlineData("[]", "len(result) == 0 || result[0] <= 0.01", null, MeasurementPhase.Successful)]
    [InlineData("[]", "isNil(result)", null, MeasurementPhase.Failed)]
    [InlineData("[]", "default(result, 0) == 0", null, MeasurementPhase.Failed)]
    [InlineData("[0.02]", "result <= 0.01", null, MeasurementPhase.Error)]
    [InlineData("[NaN]", "result[0] <= 0.01", null, MeasurementPhase.Failed)]
    [InlineData("null", "isNil(result)", null, MeasurementPhase.Successful)]
    [InlineData("null", "default(result, 0) == 0", null, MeasurementPhase.Successful)]
    public void Evaluate_SpecialValues_FollowArgo(string result, string? success, string? failure, MeasurementPhase expected) =>
        Assert.Equal(
            expected,
            MeasurementEvaluation.Evaluate(MetricValue.ParsePrometheusNotation(result), success, failure, Now).Phase);

    [Theory]
    [InlineData("true", "1", null, "successCondition \"1\": expected bool, but got int")]
    [InlineData("true", "invalidVariable", null, "successCondition \"invalidVariable\": unknown name invalidVariable")]
    [InlineData("true", "true", "invalidVariable", "failureCondition \"invalidVariable\": unknown name invalidVariable")]
    [InlineData("true", "result.Name() == 'hi'", null, "successCondition \"result.Name() == 'hi'\": type bool has no method Name")]
    [InlineData("true", "result >", null, "successCondition \"result >\": unexpected token EOF")]
    [InlineData(
        "\"NotANum\"",
        "asFloat(result) == 1.1",
        null,
        "successCondition \"asFloat(result) == 1.1\": strconv.ParseFloat: parsing \"NotANum\": invalid syntax")]
    [InlineData(
        "\"1.1\"",
        "asFloat(result) == \"1.1\"",
        null,
        "successCondition \"asFloat(result) == \"1.1\"\": invalid operation: == (mismatched types float64 and string)")]
    [InlineData(
        "[]",
        "result[0] <= 0.01",
        null,
        "successCondition \"result[0] <= 0.01\": metric result is nil or empty: no data returned from the metric provider")]
    [InlineData(
        "null",
        null,
        "result > 1",
        "failureCondition \"result > 1\": metric result is nil or empty: no data returned from the metric provider")]
    [InlineData("[1]", "result[1] > 0", null, "successCondition \"result[1] > 0\": index out of range: 1 (array length is 1)")]
    public void Evaluate_Error_HasArgosMessage(string result, string? success, string? failure, string expected)
    {
        var (phase, message) =
            MeasurementEvaluation.Evaluate(MetricValue.ParsePrometheusNotation(result), success, failure, Now);

        Assert.Equal(MeasurementPhase.Error, phase);
        Assert.Equal("could not evaluate " + expected, message);
    }

    [Theory]
    [InlineData("true", "result == true", true)]
    [InlineData("true", "result == false", false)]
    [InlineData(
        "{\"service_apdex\":{\"label\":null,\"values\":{\"values\":[2,2]}}}",
        "all(result.service_apdex.values.values, {# > 1})",
        true)]
    [InlineData("[2.0, 2.0]", "2 in result", true)]
    [InlineData("5.0", "result > 1", true)]
    [InlineData("\"1\"", "asInt(result) == 1", true)]
    [InlineData("1", "asInt(result) == 1", true)]
    [InlineData("1.123", "asInt(result) == 1", true)]
    [InlineData("\"1.1\"", "asInt(result) == 1.1", null)]
    [InlineData("\"1.1\"", "asFloat(result) == 1.1", true)]
    [InlineData("1.1", "asFloat(result) >= 1.1", true)]
    [InlineData("1.1", "asFloat(result) <= 1.1", true)]
    [InlineData("1", "asFloat(result) == 1", true)]
    [InlineData("1", "asFloat(result) >= 1", true)]
    public void Evaluate_CasesOfArgosOwnTests_AgreeWithThem(string result, string condition, bool? expected)
    {
        var phase = MeasurementEvaluation.Evaluate(
            MetricValue.ParsePrometheusNotation(result), Condition.Parse(condition), null, Now).Phase;

        Assert.Equal(
            expected switch
            {
                true => MeasurementPhase.Successful,
                false => MeasurementPhase.Failed,
                null => MeasurementPhase.Error,
            },
            phase);
    }

    [Fact]
    public void Evaluate_ParsedConditions_AgreesWithTheirText()
    {
        var value = new VectorValue([0.004, 0.2]);

        Assert.Equal(
            MeasurementEvaluation.Evaluate(value, "result[0] > 1", "result[2] > 1", Now),
            MeasurementEvaluation.Evaluate(
                value, Condition.Parse("result[0] > 1"), Condition.Parse("result[2] > 1"), Now));
    }
}
