using System.Text.Json;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Tests.Analysis.Expressions;

public sealed class MetricValueTests
{
    [Theory]
    [InlineData("10", "10")]
    [InlineData("-2.5", "-2.5")]
    [InlineData("1e21", "1000000000000000000000")]
    [InlineData("123456789012345678", "123456789012345680")]
    [InlineData("1e-7", "0.0000001")]
    [InlineData("-1.5e-9", "-0.0000000015")]
    [InlineData("1.25e2", "125")]
    [InlineData("5e-324", "0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000005")]
    [InlineData("-0", "-0")]
    [InlineData("NaN", "NaN")]
    [InlineData("+Inf", "+Inf")]
    [InlineData(" -Inf ", "-Inf")]
    public void ParsePrometheusNotation_Number_GivesScalarInGoNotation(string text, string expected)
    {
        var value = Assert.IsType<ScalarValue>(MetricValue.ParsePrometheusNotation(text));

        Assert.Equal(expected, value.ToString());
        Assert.Equal(value, MetricValue.ParsePrometheusNotation(value.ToString()));
    }

    [Theory]
    [InlineData("[]", "[]")]
    [InlineData("[ ]", "[]")]
    [InlineData("[10, 11]", "[10,11]")]
    [InlineData("[NaN]", "[NaN]")]
    [InlineData("[1,+Inf , -Inf]", "[1,+Inf,-Inf]")]
    public void ParsePrometheusNotation_ArrayOfNumbers_GivesVector(string text, string expected)
    {
        var value = Assert.IsType<VectorValue>(MetricValue.ParsePrometheusNotation(text));

        Assert.Equal(expected, value.ToString());
        Assert.Equal(value, MetricValue.ParsePrometheusNotation(value.ToString()));
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("true", "true")]
    [InlineData("\"1.5\"", "\"1.5\"")]
    [InlineData("[\"a\", 1]", "[\"a\",1]")]
    [InlineData("{ \"a\": [1, 2] }", "{\"a\":[1,2]}")]
    [InlineData("[[1]]", "[[1]]")]
    public void ParsePrometheusNotation_AnythingElse_IsJson(string text, string expected)
    {
        var value = Assert.IsType<JsonValue>(MetricValue.ParsePrometheusNotation(text));

        Assert.Equal(expected, value.ToString());
        Assert.Equal(value, MetricValue.ParsePrometheusNotation(value.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Inf")]
    [InlineData("nan")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData("1e999")]
    [InlineData("[1,]")]
    [InlineData("[NaN, \"a\"]")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("10 11")]
    public void ParsePrometheusNotation_NoSuchNotation_Throws(string text)
    {
        var problem = Assert.Throws<ConditionException>(() => MetricValue.ParsePrometheusNotation(text)).Problem;

        Assert.Contains("a measured value is a number", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("null", true)]
    [InlineData("NaN", true)]
    [InlineData("[NaN]", true)]
    [InlineData("[NaN,NaN]", true)]
    [InlineData("[NaN,0]", false)]
    [InlineData("0", false)]
    [InlineData("+Inf", false)]
    [InlineData("false", false)]
    [InlineData("\"\"", false)]
    [InlineData("{}", false)]
    public void HasNoData_EachShape_FollowsTheValues(string text, bool expected) =>
        Assert.Equal(expected, MetricValue.ParsePrometheusNotation(text).HasNoData);

    [Fact]
    public void FromJson_ArrayOfNumbers_StaysJson()
    {
        using var document = JsonDocument.Parse("[1,2]");

        Assert.IsType<JsonValue>(MetricValue.FromJson(document.RootElement));
        Assert.Equal(new ScalarValue(1), MetricValue.FromJson(document.RootElement[0]));
    }

    [Fact]
    public void HasNoData_EmptyJsonArray_IsTrue()
    {
        using var document = JsonDocument.Parse("[]");

        Assert.True(MetricValue.FromJson(document.RootElement).HasNoData);
    }
}
