using System.Net;
using k8s.Models;
using Rollouts.Sandbox.DemoService;
using Rollouts.Sandbox.Ingress;
using Rollouts.Sandbox.Load;
using Rollouts.Sandbox.Processes;
using static Rollouts.Sandbox.Tests.Ingress.IngressObjects;

namespace Rollouts.Sandbox.Tests.Ingress;

public sealed class NginxServerTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = TestClients.Create();
    private ServiceVersion? service;
    private NginxServer? nginx;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private NginxServer Nginx => nginx ?? throw new InvalidOperationException("nginx was not started.");

    public async ValueTask InitializeAsync()
    {
        service = await ServiceVersion.StartAsync("stable", new(), TimeProvider.System, Cancellation);
        nginx = await NginxServer.StartAsync(TableWithWeight(0), folder.Path, http, TimeProvider.System, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await (nginx?.DisposeAsync() ?? default);
        await (service?.DisposeAsync() ?? default);
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Apply_ManyTimesUnderLoad_LosesNoRequest()
    {
        await using var load = LoadGenerator.Start(
            new() { Target = Nginx.Address, Host = Host, RequestsPerSecond = 200, MaxInFlight = 1000 }, http, TimeProvider.System);
        for (var weight = 1; weight <= 20; weight++)
        {
            await Nginx.ApplyAsync(TableWithWeight(weight), Cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        var counts = load.Snapshot();
        Assert.True(counts.Failed == 0, counts.LastFailure);
        Assert.InRange(counts.Answered, 100, long.MaxValue);
        Assert.Equal([HttpStatusCode.OK], counts.ByStatus.Keys.Except([HttpStatusCode.InternalServerError]));
    }

    [Fact]
    public async Task Apply_SameTable_DoesNotReload()
    {
        await Nginx.ApplyAsync(TableWithWeight(10), Cancellation);
        var written = File.GetLastWriteTimeUtc(Path.Combine(folder.Path, "nginx.conf"));

        await Nginx.ApplyAsync(TableWithWeight(10), Cancellation);

        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(folder.Path, "nginx.conf")));
    }

    [Fact]
    public async Task Apply_TableThatNginxRefuses_IsReportedAndTheOldOneServed()
    {
        // The address passes for one here because the builder, which would not let it through, is not asked.
        var refused = new RoutingTable(
            [new(Host, [new("/", "Prefix", new("demo", "stable", 80, "no address at all"), Canary: null)])], []);

        var error = await Assert.ThrowsAsync<ChildProcessException>(() => Nginx.ApplyAsync(refused, Cancellation));

        Assert.Contains("nginx refuses the configuration", error.Message, StringComparison.Ordinal);
        Assert.Contains("next.conf", error.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Host));
    }

    [Fact]
    public async Task Serve_HostWithoutIngress_Answers404()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("unknown.localhost"));
        Assert.Equal(0, Nginx.Traffic.Snapshot().Total);
    }

    [Theory]
    [InlineData("^(qa|dev)-", true)]
    [InlineData("a\"b\\d", true)]
    [InlineData("(?<=ab)c", true)]
    [InlineData("(", false)]
    [InlineData("[z-a]", false)]
    public async Task Compiles_Pattern_AsNginxsPcreSays(string pattern, bool expected) =>
        Assert.Equal(expected, await Nginx.CompilesAsync(pattern, Cancellation));

    private RoutingTable TableWithWeight(int weight)
    {
        V1Service[] services = [Service("stable", service!.Address), Service("canary", service.Address)];
        return Table([Stable(), Canary(new Dictionary<string, string> { ["canary-weight"] = weight.ToString() })], services);
    }

    private async Task<HttpStatusCode> StatusAsync(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Nginx.Address) { Headers = { Host = host } };
        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
