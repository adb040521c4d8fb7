using System.Net;
using System.Net.Sockets;
using k8s;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Kubernetes.Clusters;
using Rollouts.Kubernetes.Tests.Traffic;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>A cluster that does not answer costs its own rollouts time, and nobody else.</summary>
public sealed class AbsenceBreakerTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly FaultInjector faults = new() { InnerHandler = new Answering() };
    private readonly HttpMessageInvoker cluster;

    public AbsenceBreakerTests() => cluster = new(new AbsenceBreaker(clock) { InnerHandler = faults });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        cluster.Dispose();
        faults.Dispose();
    }

    [Fact]
    public async Task Send_NoneAnswered_FailsAtOnceAndAsksNowAndThen()
    {
        faults.Spoil = _ => Fault.Reset;
        for (int i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        }

        HttpRequestException refusal = await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        clock.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        await Assert.ThrowsAsync<HttpRequestException>(SendAsync);

        Assert.Contains("did not answer", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(6, faults.Requests.Count);
    }

    [Fact]
    public async Task Send_AnsweringAgain_IsAskedAsBefore()
    {
        faults.Spoil = _ => Fault.Reset;
        for (int i = 0; i < 6; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(SendAsync);
        }

        faults.Spoil = _ => null;
        clock.Advance(TimeSpan.FromSeconds(6));

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await SendAsync());
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(403)]
    public async Task Send_ErrorsAreAnswers_AreAllAsked(int status)
    {
        faults.Spoil = _ => Fault.Answer(status, "Because", "no");

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(status, (int)await SendAsync());
        }
    }

    [Fact]
    public async Task Send_OneInFiveAnswered_AreAllAsked()
    {
        faults.Spoil = r => r.Number % 5 == 0 ? null : Fault.Reset;

        for (int i = 0; i < 50; i++)
        {
            await Record.ExceptionAsync(SendAsync);
        }

        Assert.Equal(50, faults.Requests.Count);
    }

    [Fact]
    public async Task Connect_ServerTakesConnectionsAndIsSilent_IsNotWaitedForEachTime()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using IKubernetes client = new TokenCluster { Server = new($"http://{silent.LocalEndpoint}"), Token = "t" }.Connect();
        KubernetesRouter router = new(client, TimeProvider.System, new() { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        TrafficTarget target = Ingresses.Target("shop", "web");
        async Task<string> ClaimAsync()
        {
            PortException failure = await Assert.ThrowsAsync<PortException>(() => router.ClaimAsync(target, "owner", TimeSpan.FromMinutes(30), Cancellation));
            Assert.Equal(FailureKind.Transient, failure.Kind);
            return failure.Message;
        }

        string[] first = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ClaimAsync()));
        string next = await ClaimAsync();

        Assert.All(first, m => Assert.Contains("no answer within 0.3 s", m, StringComparison.Ordinal));
        Assert.Contains("asked again within seconds", next, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> SendAsync()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "http://cluster.example/version");
        using HttpResponseMessage response = await cluster.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
