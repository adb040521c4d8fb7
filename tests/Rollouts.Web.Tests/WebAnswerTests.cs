using Rollouts.Analysis;

namespace Rollouts.Web.Tests;

/// <summary>What comes of an answer that gives no value. What each value is worth stands in the conformance rows.</summary>
public sealed class WebAnswerTests
{
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

        Assert.StartsWith("[[[", (await stub.Provider().AskAsync(new WebQuery { Url = stub.Address })).Value.ToString());
    }

    [Fact]
    public async Task Query_NoAnswer_EndsWithItsTime()
    {
        await using WebStub stub = await WebStub.StartAsync(context => Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, context.RequestAborted));

        PortException failure = await stub.Provider().FailAsync(new WebQuery { Url = stub.Address, TimeoutSeconds = 1 });

        Assert.Equal((FailureKind.Transient, $"web service at {stub.Address}/: no answer within 1 s"), (failure.Kind, failure.Message));
    }
}
