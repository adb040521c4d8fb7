using Rollouts.Analysis.Expressions;

namespace Rollouts.Tests.Analysis.Expressions;

public sealed class ConditionTests
{
    private static readonly DateTimeOffset Now = new(2026, 8, 17, 12, 0, 0, TimeSpan.FromHours(2));

    [Fact]
    public void Functions_Calls_AreNamedOnce()
    {
        var condition = Condition.Parse("len(result) > 0 && all(result, !isNaN(#)) | string() != \"len\" && duration(\"1h\").Minutes() > len([])");

        Assert.Equal(["all", "duration", "isNaN", "len", "string"], condition.Functions.Order());
    }

    [Fact]
    public void Functions_NoCalls_AreNone() => Assert.Empty(Condition.Parse("result[0] <= 0.01").Functions);

    [Fact]
    public void Source_ParsedCondition_IsItsText() => Assert.Equal(" result > 1 ", Condition.Parse(" result > 1 ").Source);

    [Fact]
    public void Evaluate_ResultsOfSeveralTypes_ChecksEachType()
    {
        var condition = Condition.Parse("len(result) == 1");

        Assert.True(condition.Evaluate(new VectorValue([1]), Now));
        Assert.False(condition.Evaluate(new VectorValue([1, 2]), Now));
        Assert.Throws<ConditionException>(() => condition.Evaluate(new ScalarValue(1), Now));
        Assert.True(condition.Evaluate(MetricValue.ParsePrometheusNotation("\"é\""), Now));
        Assert.True(condition.Evaluate(MetricValue.ParsePrometheusNotation("{\"a\":1}"), Now));
        Assert.Throws<ConditionException>(() => condition.Evaluate(MetricValue.ParsePrometheusNotation("null"), Now));
        Assert.True(condition.Evaluate(MetricValue.ParsePrometheusNotation("[null]"), Now));
    }

    [Fact]
    public void Evaluate_ArrayOfAWebProvider_IsNoVector()
    {
        using var json = System.Text.Json.JsonDocument.Parse("[1,2]");

        Assert.False(Condition.Parse("type(result[0]) != \"float\" || 1..2 == result").Evaluate(new VectorValue([1, 2]), Now));
        Assert.True(Condition.Parse("1..2 == result").Evaluate(MetricValue.FromJson(json.RootElement), Now));
    }

    [Fact]
    public void Evaluate_Now_IsTheGivenTimeInItsZone()
    {
        Assert.True(Condition.Parse("now() == date(\"2026-08-17T10:00:00Z\") && now().Hour() == 12").Evaluate(new ScalarValue(1), Now));
    }

    [Fact]
    public void Evaluate_ManyThreads_AgreeOnOneCondition()
    {
        var condition = Condition.Parse("let limit = result[0] * 2; reduce(filter(result, # <= limit), #acc + #, 0.0) == sum(result)");

        var outcomes = Enumerable.Range(0, 2_000).AsParallel().WithDegreeOfParallelism(8).Select(i =>
            condition.Evaluate(i % 2 == 0 ? new VectorValue([1, 2]) : new VectorValue([1, 5]), Now) == (i % 2 == 0));

        Assert.All(outcomes, Assert.True);
    }

    [Fact]
    public void Evaluate_SameJson_IsReadOnceAndNeverChanged()
    {
        var value = MetricValue.ParsePrometheusNotation("{\"list\":[3,1,2]}");

        Assert.True(Condition.Parse("sort(result.list)[0] == 1").Evaluate(value, Now));
        Assert.True(Condition.Parse("result.list == [3, 1, 2]").Evaluate(value, Now));
    }

    [Fact]
    public void Evaluate_JsonThatGoCannotRead_IsAConditionException()
    {
        var half = MetricValue.ParsePrometheusNotation("{\"a\":\"\\ud800\"}");
        var large = MetricValue.ParsePrometheusNotation("{\"a\":1e999}");

        Assert.Throws<ConditionException>(() => Condition.Parse("true").Evaluate(half, Now));
        Assert.Throws<ConditionException>(() => Condition.Parse("true").Evaluate(large, Now));
    }
}
