using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Tests.Analysis.Expressions;

/// <summary>
/// Where expr-lang ends differently from what the language's definition suggests, because it rewrites a condition before it runs
/// it, trusts the types that it has found, or leaves values on its stack. Argo Rollouts ends so, and so must we.
/// </summary>
public sealed class ConditionParityTests
{
    [Theory]
    [InlineData("result[9] > 1 && false", MeasurementPhase.Failed)]
    [InlineData("result[9] > 1 || true", MeasurementPhase.Successful)]
    [InlineData("len(filter([1, 2, 9], result[#] > 0)) > 0", MeasurementPhase.Successful)]
    [InlineData("count([0, 1, 9], result[#] > 0) >= 2", MeasurementPhase.Successful)]
    [InlineData("count([0, 1, 9], result[#] > 0) >= 3", MeasurementPhase.Error)]
    [InlineData("filter([0, 9], result[#] > 0)[0] == 0", MeasurementPhase.Successful)]
    [InlineData("filter([9, 0], result[#] > 0)[-1] == 0", MeasurementPhase.Successful)]
    [InlineData("first(filter([0, 9], result[#] > 0)) == 0", MeasurementPhase.Successful)]
    [InlineData("last(filter([9, 0], result[#] > 0)) == 0", MeasurementPhase.Successful)]
    [InlineData("len(map(filter([0, 1], true), result[# + 9])) == 2", MeasurementPhase.Successful)]
    [InlineData("first(map(filter([0, 9], true), result[#])) == 1", MeasurementPhase.Successful)]
    [InlineData("all([0, 1], # < 1) && all([0, 1], result[# * 9] > 0)", MeasurementPhase.Failed)]
    [InlineData("all([0, 1], result[# * 9] > 0) && all([0, 1], # < 1)", MeasurementPhase.Error)]
    [InlineData("any([0, 9], # > 5) || any([0, 9], result[#] > 5)", MeasurementPhase.Successful)]
    [InlineData("none([0, 9], # > 5) && none([0, 9], result[#] > 5)", MeasurementPhase.Failed)]
    [InlineData("sum(1..1000000000) == 500000000500000000", MeasurementPhase.Successful)]
    [InlineData("sum(1..1000000000, # * 2) == 1000000001000000000", MeasurementPhase.Successful)]
    [InlineData("reduce(1..1000000000, #acc + #) == 500000000500000000", MeasurementPhase.Successful)]
    [InlineData("sum([0.1, 0.2, result[0]]) == 0.1 + (0.2 + 1)", MeasurementPhase.Successful)]
    [InlineData("\"x\" matches \"(\" + \")\"", MeasurementPhase.Successful)]
    public void Evaluate_WhatIsRewritten_EndsAsInExprLang(string condition, MeasurementPhase expected) =>
        Ends(condition, expected);

    [Theory]
    [InlineData("findIndex(result, # > 9) == 0", MeasurementPhase.Error)]
    [InlineData("findIndex(result, # > 9) == nil", MeasurementPhase.Successful)]
    [InlineData("findIndex(result, # > 9) in 1..3", MeasurementPhase.Error)]
    [InlineData("findIndex(result, # > 9) in [0, 3]", MeasurementPhase.Successful)]
    [InlineData("findIndex(result, # > 9) in [1, 3]", MeasurementPhase.Failed)]
    [InlineData("find([\"a\"], # == \"b\") == \"a\"", MeasurementPhase.Error)]
    [InlineData("max(1, 2.5) == 2", MeasurementPhase.Error)]
    [InlineData("nil in [\"\", \"a\"]", MeasurementPhase.Successful)]
    [InlineData("1..2 == result", MeasurementPhase.Failed)]
    [InlineData("[1, 2] == result and [1, 2] == 1..2", MeasurementPhase.Successful)]
    [InlineData("concat([]) == nil", MeasurementPhase.Successful)]
    [InlineData("[] == nil", MeasurementPhase.Failed)]
    public void Evaluate_WhatIsTrusted_EndsAsInExprLang(string condition, MeasurementPhase expected) =>
        Ends(condition, expected);

    [Theory]
    [InlineData("findLast([1, 2], # > 1) == 2", MeasurementPhase.Successful)]
    [InlineData("2 == findLast([1, 2], # > 1)", MeasurementPhase.Error)]
    [InlineData("[findLastIndex([1, 2], # > 1), 0] == [1, 0]", MeasurementPhase.Successful)]
    [InlineData("[0, findLastIndex([1, 2], # > 1)] == [true, 1]", MeasurementPhase.Successful)]
    [InlineData("result[0] + last(filter([1, 2], # > 0)) > 0", MeasurementPhase.Error)]
    public void Evaluate_WhatIsLeftOnTheStack_EndsAsInExprLang(string condition, MeasurementPhase expected) =>
        Ends(condition, expected);

    private static void Ends(string condition, MeasurementPhase expected)
    {
        var (phase, message) =
            MeasurementEvaluation.Evaluate(new VectorValue([1, 2]), condition, null, DateTimeOffset.UnixEpoch);

        Assert.True(expected == phase, $"{condition}: {phase} ({message}), not {expected}");
    }
}
