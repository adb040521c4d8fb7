using System.Net;
using System.Text;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>Stands between a client and its API server: records every request, and spoils those that a test picks.</summary>
internal sealed class FaultInjector : DelegatingHandler
{
    private readonly Lock _lock = new();
    private readonly List<RecordedRequest> _requests = [];

    /// <summary>Decides for each request, by its number from 0, what becomes of it. Default: nothing.</summary>
    public Func<RecordedRequest, Fault?> Spoil { get; set; } = _ => null;

    /// <summary>Called when a request is left without an answer.</summary>
    public Action Silenced { get; set; } = () => { };

    /// <summary>Called with each request that the server has performed, before anybody learns of it.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage, CancellationToken, Task> Performed { get; set; } = (_, _, _) => Task.CompletedTask;

    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public void Forget()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        RecordedRequest recorded;
        lock (_lock)
        {
            recorded = new(_requests.Count, request.Method, request.RequestUri!.AbsolutePath.Split('/')[^1], body);
            _requests.Add(recorded);
        }

        if (Spoil(recorded) is not { } fault)
        {
            return await PerformAsync(request, cancellationToken);
        }

        if (fault.AfterTheServerDidIt)
        {
            using HttpResponseMessage lost = await PerformAsync(request, cancellationToken);
        }

        switch (fault.Kind)
        {
            case FaultKind.Status:
                HttpResponseMessage answer = new((HttpStatusCode)fault.Code) { RequestMessage = request, Content = new StringContent(fault.Body, Encoding.UTF8, "application/json") };
                answer.Headers.RetryAfter = fault.RetryAfter is { } rest ? new(rest) : null;
                return answer;
            case FaultKind.Silence:
                Silenced();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                throw new InvalidOperationException("unreachable");
            default:
                throw new HttpRequestException("An error occurred while sending the request.", new IOException("Connection reset by peer"));
        }
    }

    private async Task<HttpResponseMessage> PerformAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
        await Performed(request, answer, cancellationToken);
        return answer;
    }
}

/// <param name="Number">From 0.</param>
/// <param name="Method">Of HTTP.</param>
/// <param name="Name">The last part of the path: the object's name, or the resource for a create.</param>
/// <param name="Body">As sent.</param>
internal sealed record RecordedRequest(int Number, HttpMethod Method, string Name, string Body)
{
    public bool IsWrite => Method != HttpMethod.Get;
}

internal enum FaultKind
{
    Status,
    Silence,
    Reset,
}

/// <summary>What becomes of a request.</summary>
internal sealed record Fault(FaultKind Kind, int Code = 0, string Body = "", bool AfterTheServerDidIt = false)
{
    /// <summary>The header.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Fault Reset { get; } = new(FaultKind.Reset);

    public static Fault Silence { get; } = new(FaultKind.Silence);

    public static Fault Answer(int code, string reason, string message, string details = "{}") => new(
        FaultKind.Status,
        code,
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","details":{{details}},"code":{{code}}}""");
}
