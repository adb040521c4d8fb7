using System.Net;
using Rollouts.Sandbox.DemoService;
using Rollouts.Sandbox.Load;

namespace Rollouts.Sandbox.Tests.Load;

public sealed class LoadGeneratorTests
{
    private static readonly Uri Target = new("http://127.0.0.1:9/");

    [Fact]
    public async Task Start_OneSecond_SendsTheRateWithTheInternalShare()
    {
        using var http = new HttpClient(new Answers(request =>
        {
            var isInternal = request.Headers.TryGetValues("X-Internal", out var values) && values.Single() == "canary";
            return Task.FromResult(Answer(HttpStatusCode.OK, isInternal ? "canary" : "stable"));
        }));

        LoadCounts counts;
        await using (var load = LoadGenerator.Start(new() { Target = Target, RequestsPerSecond = 100, InternalShare = 0.2 }, http, TimeProvider.System))
        {
            counts = await WaitForAsync(load, counts => counts.Answered >= 100);
        }

        Assert.Equal(0, counts.Failed);
        Assert.InRange(counts.InternalByVersion["canary"], (counts.Answered * 0.2) - 2, (counts.Answered * 0.2) + 2);
        Assert.Equal(counts.Answered, counts.ByVersion["stable"] + counts.InternalByVersion["canary"]);
        Assert.DoesNotContain("canary", counts.ByVersion.Keys);
    }

    [Fact]
    public async Task Start_ServerThatNeverAnswers_KeepsTheNumberOfOpenRequestsBounded()
    {
        var open = 0;
        using var http = new HttpClient(new Answers(async _ =>
        {
            Interlocked.Increment(ref open);
            await Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
            return Answer(HttpStatusCode.OK, "stable");
        }));

        await using var load = LoadGenerator.Start(
            new() { Target = Target, RequestsPerSecond = 500, MaxInFlight = 7, RequestTimeout = TimeSpan.FromSeconds(30) }, http, TimeProvider.System);
        await WaitForAsync(load, counts => counts.NotSent > 20);

        Assert.Equal(7, open);
    }

    [Fact]
    public async Task Start_RefusedAndSlowRequests_CountAsFailed()
    {
        var number = 0;
        using var http = new HttpClient(new Answers(async _ =>
        {
            if (Interlocked.Increment(ref number) % 2 == 0)
                throw new HttpRequestException("refused");
            await Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
            return Answer(HttpStatusCode.OK, "stable");
        }));

        await using var load = LoadGenerator.Start(
            new() { Target = Target, RequestsPerSecond = 100, RequestTimeout = TimeSpan.FromMilliseconds(50) }, http, TimeProvider.System);
        var counts = await WaitForAsync(load, counts => counts.Failed >= 20);

        Assert.Equal(0, counts.Answered);
    }

    [Fact]
    public async Task Start_MaxDurationOver_SendsNothingMore()
    {
        var sent = 0;
        using var http = new HttpClient(new Answers(_ =>
        {
            Interlocked.Increment(ref sent);
            return Task.FromResult(Answer(HttpStatusCode.OK, "stable"));
        }));

        await using var load = LoadGenerator.Start(
            new() { Target = Target, RequestsPerSecond = 100, MaxDuration = TimeSpan.FromMilliseconds(300) }, http, TimeProvider.System);
        await Task.Delay(TimeSpan.FromMilliseconds(600), TestContext.Current.CancellationToken);
        var after = sent;
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);

        Assert.InRange(after, 1, 35);
        Assert.Equal(after, sent);
    }

    private static async Task<LoadCounts> WaitForAsync(LoadGenerator load, Func<LoadCounts, bool> enough)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!enough(load.Snapshot()))
            await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
        return load.Snapshot();
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string version) =>
        new(status) { Headers = { { ServiceVersion.VersionHeader, version } } };

    private sealed class Answers(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            await answer(request).WaitAsync(cancellationToken);
    }
}
