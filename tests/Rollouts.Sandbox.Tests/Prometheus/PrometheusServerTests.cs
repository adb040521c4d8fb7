using System.Globalization;
using System.Text.Json;
using Rollouts.Sandbox.DemoService;
using Rollouts.Sandbox.Load;
using Rollouts.Sandbox.Prometheus;

namespace Rollouts.Sandbox.Tests.Prometheus;

/// <summary>A real Prometheus over two versions under load.</summary>
public sealed class PrometheusServerTests : IAsyncLifetime
{
    private const string ErrorRateOfTheArticle = """
        sum(rate(http_requests_total{
        job="checkout",
        status=~"5..",
        version="VERSION"
        }[5m])) /
        sum(rate(http_requests_total{
        job="checkout",
        version="VERSION"
        }[5m]))
        """;

    private const string P99 = """
        histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{job="checkout",version="VERSION"}[5m])))
        """;

    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = TestClients.Create();
    private readonly List<IAsyncDisposable> running = [];
    private PrometheusServer? prometheus;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PrometheusServer Prometheus => prometheus ?? throw new InvalidOperationException("Prometheus was not started.");

    public async ValueTask InitializeAsync()
    {
        var stable = await StartVersionAsync("stable", errorRate: 0, p99Milliseconds: 20);
        var canary = await StartVersionAsync("canary", errorRate: 0.15, p99Milliseconds: 300);
        prometheus = await PrometheusServer.StartAsync(
            [new("checkout", [stable.Address, canary.Address])], folder.Path, http, TimeProvider.System, Cancellation);
        foreach (var version in new[] { stable, canary })
        {
            running.Add(LoadGenerator.Start(
                new() { Target = new($"http://{version.Address}/"), RequestsPerSecond = 60 }, http, TimeProvider.System));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in running.AsEnumerable().Reverse())
            await one.DisposeAsync();
        await (prometheus?.DisposeAsync() ?? default);
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Query_ArticlesErrorRateUnderLoad_IsTheRateOfEachVersion()
    {
        await UntilAsync(async () => await ValueAsync(ErrorRateOfTheArticle, "canary") > 0);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);

        Assert.Equal(0, await ValueAsync(ErrorRateOfTheArticle, "stable"));
        Assert.InRange((await ValueAsync(ErrorRateOfTheArticle, "canary"))!.Value, 0.13, 0.17);
    }

    [Fact]
    public async Task Query_P99UnderLoad_IsThatOfEachVersion()
    {
        await UntilAsync(async () => await ValueAsync(P99, "canary") > 0 && await ValueAsync(P99, "stable") > 0);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);

        // An answer is never early by more than a bucket, but on a busy machine it can be late.
        var (stable, canary) = (await ValueAsync(P99, "stable"), await ValueAsync(P99, "canary"));
        Assert.InRange(stable!.Value, 0.015, 0.24);
        Assert.InRange(canary!.Value, 0.24, 2);
    }

    [Fact]
    public async Task Query_UnknownVersion_IsEmpty() => Assert.Null(await ValueAsync(ErrorRateOfTheArticle, "nobody"));

    [Fact]
    public async Task StopAndStart_Outage_RefusesThenAnswersWithTheOldData()
    {
        const string answered = "http_requests_total{version=\"VERSION\",status=\"200\"}";
        await UntilAsync(async () => await ValueAsync(answered, "stable") > 0);
        var before = await ValueAsync(answered, "stable");
        var process = Prometheus.ProcessId!.Value;

        await Prometheus.StopAsync();

        Assert.Null(Prometheus.ProcessId);
        Assert.False(Directory.Exists($"/proc/{process}"), "Prometheus still runs.");
        await Assert.ThrowsAsync<HttpRequestException>(() => ValueAsync("up", "stable"));

        await Prometheus.StartAsync(Cancellation);

        Assert.NotNull(Prometheus.ProcessId);
        var oldest = await ValueAsync($"min_over_time({answered}[5m])", "stable");
        Assert.True(oldest < before, $"the data from before the outage is gone: {oldest} is not below {before}");
    }

    private async Task<ServiceVersion> StartVersionAsync(string version, double errorRate, int p99Milliseconds)
    {
        var service = await ServiceVersion.StartAsync(
            version,
            new() { ErrorRate = errorRate, MedianLatency = TimeSpan.FromMilliseconds(8), P99Latency = TimeSpan.FromMilliseconds(p99Milliseconds) },
            TimeProvider.System,
            Cancellation);
        running.Add(service);
        return service;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
    }

    /// <summary>The value of the one series of an instant query; null when there is none.</summary>
    private async Task<double?> ValueAsync(string query, string version)
    {
        using var content = new FormUrlEncodedContent(
            [new("query", query.Replace("VERSION", version, StringComparison.Ordinal))]);
        using var response = await http.PostAsync(new Uri(Prometheus.Address, "/api/v1/query"), content, Cancellation);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0
            ? null
            : double.Parse(Assert.Single(result.EnumerateArray()).GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }
}
