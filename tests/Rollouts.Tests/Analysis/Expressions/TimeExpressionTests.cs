using Rollouts.Analysis.Expressions;

namespace Rollouts.Tests.Analysis.Expressions;

/// <summary>The ends of range queries. Source: Argo Rollouts' <c>TestEvalTime</c> (<c>utils/evaluate/evaluate_test.go</c>) and its documentation.</summary>
public sealed class TimeExpressionTests
{
    private static readonly DateTimeOffset Now = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("now()", "2026-08-01T12:00:00Z")]
    [InlineData("now() - duration(\"1h\")", "2026-08-01T11:00:00Z")]
    [InlineData("now() + duration(\"90s\")", "2026-08-01T12:01:30Z")]
    [InlineData("date(\"2023-08-14T00:00:00Z\")", "2023-08-14T00:00:00Z")]
    [InlineData("true ? now() : date(\"2023-08-14T00:00:00Z\")", "2026-08-01T12:00:00Z")]
    public void Evaluate_GivesATime(string source, string expected)
    {
        Assert.True(TimeExpression.TryParse(source, out TimeExpression? expression, out _));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), expression.Evaluate(Now));
    }

    [Theory]
    [InlineData("1 == 1", "expected time.Time, but got bool")]
    [InlineData("1", "expected time.Time, but got int")]
    public void Evaluate_SomethingElse_SaysWhat(string source, string expected)
    {
        Assert.True(TimeExpression.TryParse(source, out TimeExpression? expression, out _));
        Assert.Equal(expected, Assert.Throws<ConditionException>(() => expression.Evaluate(Now)).Problem.Message);
    }

    [Theory]
    [InlineData("invalidVariable")]
    [InlineData("now() -")]
    public void TryParse_NoExpression_SaysWhy(string source)
    {
        Assert.False(TimeExpression.TryParse(source, out _, out ConditionProblem? problem));
        Assert.NotEmpty(problem.Message);
    }
}
