using System.Net;
using Rollouts.Sandbox.DemoService;

namespace Rollouts.Sandbox.Tests.DemoService;

public sealed class ServiceVersionTests : IDisposable
{
    private readonly HttpClient http = TestClients.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_Request_NamesItsVersion()
    {
        await using var service = await StartAsync(errorRate: 0);

        using var response = await http.GetAsync(new Uri($"http://{service.Address}/any/path"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("6d4b75cb6d", response.Headers.GetValues(ServiceVersion.VersionHeader).Single());
        Assert.Equal("""{"version":"6d4b75cb6d","status":200}""", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Metrics_BeforeAnyRequest_HoldZeroForBothStatuses()
    {
        await using var service = await StartAsync(errorRate: 0);

        var metrics = await MetricsAsync(service);

        Assert.Contains("""http_requests_total{status="200",version="6d4b75cb6d"} 0""", metrics, StringComparison.Ordinal);
        Assert.Contains("""http_requests_total{status="500",version="6d4b75cb6d"} 0""", metrics, StringComparison.Ordinal);
        Assert.Contains("""http_request_duration_seconds_count{version="6d4b75cb6d"} 0""", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AfterRequests_CountThemAndNotTheScrapes()
    {
        await using var service = await StartAsync(errorRate: 0.25);
        await MetricsAsync(service);
        for (var i = 0; i < 40; i++)
            (await http.GetAsync(new Uri($"http://{service.Address}/"), Cancellation)).Dispose();

        var metrics = await MetricsAsync(service);

        Assert.Contains("""http_requests_total{status="200",version="6d4b75cb6d"} 30""", metrics, StringComparison.Ordinal);
        Assert.Contains("""http_requests_total{status="500",version="6d4b75cb6d"} 10""", metrics, StringComparison.Ordinal);
        Assert.Contains("""http_request_duration_seconds_count{version="6d4b75cb6d"} 40""", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behavior_ChangedWhileRunning_HoldsForTheNextRequest()
    {
        await using var service = await StartAsync(errorRate: 0);

        service.Behavior = service.Behavior with { ErrorRate = 1 };
        using var response = await http.GetAsync(new Uri($"http://{service.Address}/"), Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.002)]
    [InlineData(0.03)]
    [InlineData(0.15)]
    [InlineData(1)]
    public void IsChosen_AnyRunOfRequests_HoldsTheRateToWithinOne(double rate)
    {
        for (var start = 0; start < 500; start += 7)
        {
            const int length = 300;
            var errors = Enumerable.Range(start, length).Count(number => RequestPattern.IsChosen(number, rate));
            Assert.InRange(errors, (length * rate) - 1, (length * rate) + 1);
        }
    }

    [Fact]
    public void LatencyAt_QuantilesOfThePattern_MatchTheBehavior()
    {
        var behavior = new ServiceBehavior { MedianLatency = TimeSpan.FromMilliseconds(20), P99Latency = TimeSpan.FromMilliseconds(80) };

        var latencies = Enumerable.Range(0, 1000).Select(number => behavior.LatencyAt(RequestPattern.Quantile(number))).Order().ToList();

        Assert.InRange(latencies[500].TotalMilliseconds, 19.5, 20.5);
        Assert.InRange(latencies[990].TotalMilliseconds, 77, 83);
        Assert.InRange(latencies[0].TotalMilliseconds, 10, 10.5);
    }

    public void Dispose() => http.Dispose();

    private static Task<ServiceVersion> StartAsync(double errorRate) => ServiceVersion.StartAsync(
        "6d4b75cb6d",
        new() { ErrorRate = errorRate, MedianLatency = TimeSpan.FromMilliseconds(1), P99Latency = TimeSpan.FromMilliseconds(2) },
        TimeProvider.System,
        Cancellation);

    private Task<string> MetricsAsync(ServiceVersion service) =>
        http.GetStringAsync(new Uri($"http://{service.Address}/metrics"), Cancellation);
}
