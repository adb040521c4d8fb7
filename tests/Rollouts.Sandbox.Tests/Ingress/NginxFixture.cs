using Rollouts.Sandbox.DemoService;
using Rollouts.Sandbox.Ingress;
using Rollouts.Sandbox.Tests.Ingress;

[assembly: AssemblyFixture(typeof(NginxFixture))]

namespace Rollouts.Sandbox.Tests.Ingress;

/// <summary>A real nginx before two real services; each test applies its own ingresses.</summary>
public sealed class NginxFixture : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = TestClients.Create();
    private readonly SemaphoreSlim turn = new(1);
    private ServiceVersion? stable;
    private ServiceVersion? canary;
    private NginxServer? nginx;

    public async ValueTask InitializeAsync()
    {
        var instant = new ServiceBehavior { ErrorRate = 0, MedianLatency = TimeSpan.Zero, P99Latency = TimeSpan.Zero };
        var cancellation = TestContext.Current.CancellationToken;
        stable = await ServiceVersion.StartAsync("stable", instant, TimeProvider.System, cancellation);
        canary = await ServiceVersion.StartAsync("canary", instant, TimeProvider.System, cancellation);
        nginx = await NginxServer.StartAsync(IngressObjects.Table([]), folder.Path, http, TimeProvider.System, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await (nginx?.DisposeAsync() ?? default);
        await (canary?.DisposeAsync() ?? default);
        await (stable?.DisposeAsync() ?? default);
        http.Dispose();
        turn.Dispose();
        folder.Dispose();
    }

    /// <summary>Applies the main ingress and a canary with these annotations, and hands nginx to the test until it disposes the turn.</summary>
    public async Task<NginxTurn> ServeAsync(params (string Name, string Value)[] canaryAnnotations)
    {
        var cancellation = TestContext.Current.CancellationToken;
        Assert.True(await turn.WaitAsync(TimeSpan.FromSeconds(60), cancellation), "The test before did not end.");
        var server = nginx ?? throw new InvalidOperationException("nginx was not started.");
        var annotations = canaryAnnotations.ToDictionary(annotation => annotation.Name, annotation => annotation.Value);
        var broken = annotations.TryGetValue("canary-by-header-pattern", out var pattern) && !await server.CompilesAsync(pattern, cancellation)
            ? new[] { pattern }
            : [];
        var table = IngressObjects.Table(
            [IngressObjects.Stable(), IngressObjects.Canary(annotations)],
            [IngressObjects.Service("stable", stable!.Address), IngressObjects.Service("canary", canary!.Address)],
            broken);
        await server.ApplyAsync(table, cancellation);
        return new(server, http, turn);
    }
}

/// <summary>nginx while one test has it.</summary>
public sealed class NginxTurn(NginxServer nginx, HttpClient http, SemaphoreSlim turn) : IDisposable
{
    private readonly TrafficCounts before = nginx.Traffic.Snapshot();

    /// <summary>What nginx logged since the turn began, once it has logged so many requests: it does so after it has answered.</summary>
    public async Task<TrafficCounts> CountsAsync(int requests)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while ((nginx.Traffic.Snapshot() - before).Total < requests)
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        return nginx.Traffic.Snapshot() - before;
    }

    /// <summary>Sends requests and counts those that the canary answered.</summary>
    public async Task<int> CanaryAnswersAsync(int requests, params (string Name, string Value)[] headers)
    {
        var canaryAnswers = 0;
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, nginx.Address) { Headers = { Host = IngressObjects.Host } };
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            if (response.Headers.GetValues(ServiceVersion.VersionHeader).Single() == "canary")
                Interlocked.Increment(ref canaryAnswers);
        });
        return canaryAnswers;
    }

    public void Dispose() => turn.Release();
}
