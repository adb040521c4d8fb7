using Rollouts.Analysis;

namespace Rollouts.Web.Tests;

/// <summary>What a web service's answer is worth. Source: Argo Rollouts' <c>metricproviders/webmetric/webmetric_test.go</c>, <c>TestRunSuite</c>, at 9f8d111.</summary>
public sealed class WebAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"a": 1, "b": true, "c": [1, 2, 3, 4], "d": null}""", null, "result.a > 0 && result.b && all(result.c, {# < 5}) && result.d == nil", null, """{"a":1,"b":true,"c":[1,2,3,4],"d":null}""", MeasurementPhase.Successful)]
    [InlineData("""{"a": 1, "b": true, "c": [1, 2, 3, 4], "d": null}""", null, "result.a >= 2 && result.b", "result.a <= 0 && result.b", """{"a":1,"b":true,"c":[1,2,3,4],"d":null}""", MeasurementPhase.Inconclusive)]
    [InlineData("""{"key": [{"key2": {"value": "1"}}]}""", "{$.key[0].key2.value}", "asInt(result) > 0", "asInt(result) <= 0", "\"1\"", MeasurementPhase.Successful)]
    [InlineData("""{"key": [{"key2": {"value": "0"}}]}""", "{$.key[0].key2.value}", "asInt(result) > 0", "asInt(result) <= 0", "\"0\"", MeasurementPhase.Failed)]
    [InlineData("""{"key": [{"key2": {"value": "1.2"}}]}""", "{$.key[0].key2.value}", "asFloat(result) > 1.1", "asFloat(result) <= 0", "\"1.2\"", MeasurementPhase.Successful)]
    [InlineData("""{"key": [{"key2": {"value": "1.2"}}]}""", "{$.key[0].key2.value}", "asFloat(result) > 1.1", "asFloat(result) < 1.3", "\"1.2\"", MeasurementPhase.Failed)]
    [InlineData("""{"key": [{"key2": {"value": 1}}]}""", "{$.key[0].key2.value}", "result > 0", "result <= 0", "1", MeasurementPhase.Successful)]
    [InlineData("""{"key": [{"key2": {"value": 0}}]}""", "{$.key[0].key2.value}", "result > 0", "result <= 0", "0", MeasurementPhase.Failed)]
    [InlineData("""{"key": [{"key2": {"value": 1.1}}]}""", "{$.key[0].key2.value}", "result > 0", "result <= 0", "1.1", MeasurementPhase.Successful)]
    [InlineData("""{"key": [{"key2": {"value": -1.1}}]}""", "{$.key[0].key2.value}", "result > 0", "result <= 0", "-1.1", MeasurementPhase.Failed)]
    [InlineData("""{"key": [{"key2": {"value": "true"}}]}""", "{$.key[0].key2.value}", "result == \"true\"", "result == \"false\"", "\"true\"", MeasurementPhase.Successful)]
    [InlineData("""{"key": [{"key2": {"value": "true"}}]}""", "{$.key[0].key2.value}", "result == \"true\"", "result == \"true\"", "\"true\"", MeasurementPhase.Failed)]
    [InlineData("""{"key": [{"key2": {"value": true}}]}""", "{$.key[0].key2.value}", "result == true", "result == false", "true", MeasurementPhase.Successful)]
    [InlineData("""{"key": [{"key2": {"value": false}}]}""", "{$.key[0].key2.value}", "result == true", "result == false", "false", MeasurementPhase.Failed)]
    [InlineData("""{"key": [1, 2, 3, 4, 5, 6]}""", "{$.key}", "any(result, {# > 5})", null, "[1,2,3,4,5,6]", MeasurementPhase.Successful)]
    [InlineData("""{"key": [1, 2, 3, 4, 5, 6]}""", "{$.key}", "any(result, {# > 6})", null, "[1,2,3,4,5,6]", MeasurementPhase.Failed)]
    [InlineData("""{"key":{"num":1.2, "bool":true, "mapfield":{"foo":"bar"}}}""", "{$.key}", "result.num > 1.1 && result.bool && result.mapfield.foo == \"bar\"", null, """{"bool":true,"mapfield":{"foo":"bar"},"num":1.2}""", MeasurementPhase.Successful)]
    [InlineData("test: notJson", "{$.key[0].key2.value}", "result == 'test: notJson'", null, "\"test: notJson\"", MeasurementPhase.Successful)]
    [InlineData("OK", null, "result == 'fail123'", null, "\"OK\"", MeasurementPhase.Failed)]
    [InlineData("", null, "result == 'fail123'", null, "\"\"", MeasurementPhase.Failed)]
    [InlineData("{}", null, "true", null, "{}", MeasurementPhase.Successful)]
    public async Task Query_AnswerOfTheService_IsEvaluatedAsArgoDoes(
        string body, string? path, string? success, string? failure, string value, MeasurementPhase expected)
    {
        await using WebStub stub = await WebStub.StartAsync(body);
        Metric metric = new() { Name = "web", SuccessCondition = success, FailureCondition = failure, Web = new WebQuery { Url = stub.Address, JsonPath = path } };

        MetricAnswer answer = await stub.Provider().AskAsync(metric.Web);

        Assert.Equal(value, answer.Value.ToString());
        Assert.Equal(expected, MetricVerdict.Judge(metric, answer.Value, null, Now, Now).Phase);
    }

    [Theory]
    [InlineData("{$.a.b}", "1")]
    [InlineData("{.a.b}", "1")]
    [InlineData("{a.b}", "1")]
    [InlineData("{ $.a['b'] }", "1")]
    [InlineData("{$}", """{"a":{"b":1},"l":[{"n":"x","v":5},{"n":"y","v":7}],"t":"2026-01-01T00:00:00Z"}""")]
    [InlineData("{$.l[1].v}", "7")]
    [InlineData("{$.l[-1].v}", "7")]
    [InlineData("{$.l[*].v}", "5")]
    [InlineData("{$..v}", "5")]
    [InlineData("{$.l[?(@.n==\"y\")].v}", "7")]
    [InlineData("{$.l[?(@.v>5)].n}", "\"y\"")]
    [InlineData("{$.t}", "\"2026-01-01T00:00:00Z\"")]
    public async Task Query_JsonPath_PicksTheFirstValue(string path, string expected)
    {
        await using WebStub stub = await WebStub.StartAsync("""{"a":{"b":1},"l":[{"n":"x","v":5},{"n":"y","v":7}],"t":"2026-01-01T00:00:00Z"}""");

        Assert.Equal(expected, (await stub.Provider().AskAsync(new WebQuery { Url = stub.Address, JsonPath = path })).Value.ToString());
    }

    [Theory]
    [InlineData("{$.a.none}", "Could not find JSONPath in body: there is nothing at {$.a.none}")]
    [InlineData("{$.a[}", "Could not find JSONPath in body: {$.a[}: Path ended with open indexer.")]
    [InlineData("$.a", "the JSON path $.a must be one expression in braces, such as {$.data.ok}")]
    [InlineData("{.a}-{.b}", "the JSON path {.a}-{.b} must be one expression in braces, such as {$.data.ok}")]
    [InlineData("{range .a}", "the JSON path {range .a} must name a value; ranges, texts and regular expressions are not supported")]
    [InlineData("{$.a[?(@.b=~/x/)]}", "the JSON path {$.a[?(@.b=~/x/)]} must name a value; ranges, texts and regular expressions are not supported")]
    public async Task Query_JsonPathOfNothing_SaysSo(string path, string expected)
    {
        await using WebStub stub = await WebStub.StartAsync("""{"a":{"b":1}}""");

        PortException failure = await stub.Provider().FailAsync(new WebQuery { Url = stub.Address, JsonPath = path });

        Assert.Equal($"web service at {stub.Address}/: {expected}", failure.Message);
    }

    [Theory]
    [InlineData(404, FailureKind.Invalid, "")]
    [InlineData(401, FailureKind.Forbidden, "")]
    [InlineData(429, FailureKind.Transient, "")]
    [InlineData(502, FailureKind.Transient, "")]
    [InlineData(302, FailureKind.Invalid, "; a redirect is not followed")]
    public async Task Query_StatusThatIsNoSuccess_IsAnError(int status, FailureKind kind, string more)
    {
        await using WebStub stub = await WebStub.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });

        PortException failure = await stub.Provider().FailAsync(new WebQuery { Url = $"{stub.Address}/v?key=abc" });

        Assert.Equal((kind, $"web service at {stub.Address}/v: received non 2xx response code: {status}{more}"), (failure.Kind, failure.Message));
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task Query_AnswerWithoutEnd_IsCutOff()
    {
        await using WebStub stub = await WebStub.StartAsync(new string(' ', WebProvider.LongestAnswer + 1));

        Assert.EndsWith("the answer is longer than 1 MiB", (await stub.Provider().FailAsync(new WebQuery { Url = stub.Address })).Message);
    }

    [Fact]
    public async Task Query_NestedWithoutEnd_IsAText()
    {
        await using WebStub stub = await WebStub.StartAsync(new string('[', 100_000));

        Assert.StartsWith("\"[[[", (await stub.Provider().AskAsync(new WebQuery { Url = stub.Address })).Value.ToString());
    }

    [Fact]
    public async Task Query_NoAnswer_EndsWithItsTime()
    {
        await using WebStub stub = await WebStub.StartAsync(context => Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, context.RequestAborted));

        PortException failure = await stub.Provider().FailAsync(new WebQuery { Url = stub.Address, TimeoutSeconds = 1 });

        Assert.Equal((FailureKind.Transient, $"web service at {stub.Address}/: no answer within 1 s"), (failure.Kind, failure.Message));
    }
}
