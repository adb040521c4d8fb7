using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Prometheus.Tests;

public sealed class PrometheusRequestTests
{
    private const string One = """{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}""";

    [Fact]
    public async Task QueryAsync_Instant_PostsTheQueryAsAForm()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);
        PrometheusQuery query = Providers.Query("sum(rate(x{a=~\"b+&c\"}[5m])) / 100 # é", 7) with { Headers = [new("X-Scope-OrgID", "team-a")] };

        await Providers.For(stub.Address).AskAsync(query);

        Asked asked = stub.Single;
        Assert.Equal(("POST", "/api/v1/query", ""), (asked.Method, asked.Path, asked.QueryString));
        Assert.Equal(new Dictionary<string, string> { ["query"] = query.Query, ["timeout"] = "7s" }, asked.Form);
        Assert.Equal("team-a", asked.Headers["X-Scope-OrgID"]);
        Assert.False(asked.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task QueryRangeAsync_Range_PostsStartEndAndStep()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(
            """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"],[2,"2"]]}]}}""");
        DateTimeOffset start = DateTimeOffset.UnixEpoch.AddMilliseconds(1_760_000_000_250);

        MetricAnswer answer = await Providers.For(stub.Address).QueryRangeAsync(
            new PrometheusRangeQuery(Providers.Query(), start, start.AddHours(1), TimeSpan.FromSeconds(1.5)), TestContext.Current.CancellationToken);

        Assert.Equal(new VectorValue([1, 2]), answer.Value);
        Asked asked = stub.Single;
        Assert.Equal("/api/v1/query_range", asked.Path);
        Assert.Equal(("1760000000.25", "1760003600.25", "1.5"), (asked.Form["start"], asked.Form["end"], asked.Form["step"]));
    }

    [Theory]
    [InlineData(-1, 60)]
    [InlineData(60, 0)]
    public async Task QueryRangeAsync_SpanOrStepWithoutSense_IsRefused(int seconds, int step)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);
        DateTimeOffset start = DateTimeOffset.UnixEpoch;

        PortException failure = await Assert.ThrowsAsync<PortException>(() => Providers.For(stub.Address).QueryRangeAsync(
            new PrometheusRangeQuery(Providers.Query(), start, start.AddSeconds(seconds), TimeSpan.FromSeconds(step)),
            TestContext.Current.CancellationToken));

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Empty(stub.Requests);
    }

    [Theory]
    [InlineData("Authorization", "Bearer x")]
    [InlineData("authorization", "Bearer x")]
    [InlineData("Host", "elsewhere")]
    [InlineData("Cookie", "a=b")]
    [InlineData("Content-Length", "1")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("X-Org", "a\r\nX-Evil: 1")]
    [InlineData("X Org", "a")]
    [InlineData("", "a")]
    [InlineData("X-Org:", "a")]
    public async Task QueryAsync_HeaderThatIsNotTheTemplates_IsRefused(string key, string value)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query() with { Headers = [new(key, value)] });

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains($"header '{key}'", failure.Message);
        Assert.Empty(stub.Requests);
    }

    [Theory]
    [InlineData(-1, "prometheus timeout should not be negative")]
    [InlineData(0, "must be from 1 to 3600 s")]
    [InlineData(int.MaxValue, "must be from 1 to 3600 s")]
    public async Task QueryAsync_TimeoutOutOfRange_IsRefused(int seconds, string message)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query(timeoutSeconds: seconds));

        Assert.Contains(message, failure.Message);
        Assert.Empty(stub.Requests);
    }
}
