using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rollouts.Analysis;

namespace Rollouts.Prometheus.Tests;

public sealed class HostileAnswerTests
{
    private const string One = """{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}""";

    [Fact]
    public async Task QueryAsync_BodyWithoutEnd_IsCutOffAt10MiB()
    {
        byte[] blanks = [.. Enumerable.Repeat((byte)' ', 64 * 1024)];
        await using PrometheusStub stub = await PrometheusStub.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(blanks, context.RequestAborted);
            }
        });
        // What the server gets rid of is no measure: the kernel may hold tens of megabytes that nobody reads.
        var meter = new AnswerMeter();
        PrometheusProvider provider = Providers.For(PrometheusOptions.For(stub.Address), (_, client) => client.AddHttpMessageHandler(() => meter));

        PortException failure = await provider.FailAsync(Providers.Query());

        Assert.Contains("longer than 10 MiB", failure.Message);
        Assert.InRange(meter.Read, PrometheusProvider.LongestAnswer, PrometheusProvider.LongestAnswer + (1024 * 1024));
    }

    [Fact]
    public async Task QueryAsync_11MiBWithLength_IsRefused()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One + new string(' ', 11 * 1024 * 1024));

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query());

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains("longer than 10 MiB", failure.Message);
    }

    [Fact]
    public async Task QueryAsync_ExactlyTheLongestAnswer_IsRead()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One + new string(' ', PrometheusProvider.LongestAnswer - One.Length));

        Assert.Equal("1", (await Providers.For(stub.Address).AskAsync(Providers.Query())).Value.ToString());
    }

    [Fact]
    public async Task QueryAsync_DeepJson_IsRefused()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(
            $$"""{"status":"success","data":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""");

        Assert.Contains("no JSON that can be read", (await Providers.For(stub.Address).FailAsync(Providers.Query())).Message);
    }

    [Fact]
    public async Task QueryAsync_RandomBytes_AreRefused()
    {
        byte[] garbage = new byte[100_000];
        new Random(7).NextBytes(garbage);
        await using PrometheusStub stub = await PrometheusStub.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(garbage);
        });

        Assert.Contains("no JSON that can be read", (await Providers.For(stub.Address).FailAsync(Providers.Query())).Message);
    }

    [Theory]
    [InlineData("text/html; charset=utf-8")]
    [InlineData("text/plain")]
    public async Task QueryAsync_OtherContentType_AsksWhetherThisIsPrometheus(string type)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One, type: type);

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query());

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains("instead of JSON: is it a Prometheus server?", failure.Message);
    }

    [Fact]
    public async Task QueryAsync_SlowTrickle_EndsWithTheTimeout()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(" "u8.ToArray(), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Delay(50, context.RequestAborted);
            }
        });
        long started = Stopwatch.GetTimestamp();

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query(timeoutSeconds: 1));

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("no answer within 1 s", failure.Message);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 5);
    }

    [Fact]
    public async Task QueryAsync_NoAnswerAtAll_EndsWithTheTimeoutAndIsAskedOnce()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(
            context => Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query(timeoutSeconds: 1));

        Assert.Contains("no answer within 1 s", failure.Message);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task QueryAsync_CancelledByTheCaller_IsNoFailureOfThePort()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(
            context => Task.Delay(TimeSpan.FromSeconds(20), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Providers.For(stub.Address).QueryAsync(Providers.Query(), cancel.Token));
    }

    [Fact]
    public async Task QueryAsync_NothingListens_FailsQuicklyAsTransient()
    {
        int port = ClosedPort();
        long started = Stopwatch.GetTimestamp();

        PortException failure = await Providers.For($"http://127.0.0.1:{port}").FailAsync(Providers.Query());

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("Connection refused", failure.Message);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.15, 5);
    }

    [Fact]
    public async Task QueryAsync_ConnectionClosedWithoutAnswer_IsTriedOnceMore()
    {
        await using var server = new ClosingServer(closeFirst: 1);

        Assert.Equal("1", (await Providers.For(server.Address).AskAsync(Providers.Query())).Value.ToString());
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task QueryAsync_ConnectionsClosedAgainAndAgain_FailAsTransientAfterTwo()
    {
        await using var server = new ClosingServer(closeFirst: int.MaxValue);

        Assert.Equal(FailureKind.Transient, (await Providers.For(server.Address).FailAsync(Providers.Query())).Kind);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task QueryAsync_BodyThatBreaksOff_IsTransient()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"status\":");
            await context.Response.Body.FlushAsync();
            await Task.Delay(200);
            context.Abort();
        });

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query());

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("broke off", failure.Message);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Closes its first connections after the request and answers later ones.</summary>
    private sealed class ClosingServer : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource stop = new();
        private readonly Task serving;
        private readonly int closeFirst;

        public ClosingServer(int closeFirst)
        {
            this.closeFirst = closeFirst;
            listener.Start();
            serving = ServeAsync();
        }

        public int Connections { get; private set; }

        public string Address => $"http://{listener.LocalEndpoint}";

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await serving;
            listener.Stop();
            stop.Dispose();
        }

        private async Task ServeAsync()
        {
            byte[] request = new byte[4096];
            try
            {
                while (true)
                {
                    using TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                    NetworkStream stream = client.GetStream();
                    string received = "";
                    while (!received.Contains("timeout=", StringComparison.Ordinal) && await stream.ReadAsync(request, stop.Token) is > 0 and int read)
                    {
                        received += Encoding.UTF8.GetString(request, 0, read);
                    }

                    // A client may open a connection that it then has no use for.
                    Connections += received.Length > 0 ? 1 : 0;
                    if (received.Length > 0 && Connections > closeFirst)
                    {
                        await stream.WriteAsync(
                            Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {One.Length}\r\n\r\n{One}"),
                            stop.Token);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
