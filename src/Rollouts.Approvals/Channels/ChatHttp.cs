using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Rollouts.Approvals.Channels;

/// <summary>
/// The one HTTP client to chat: bounded in time, and nothing is sent twice by itself. When to try again is the machine's to say, which survives a restart and
/// holds nothing up meanwhile; how long chat wants to be left alone is handed on to it.
/// </summary>
internal static class ChatHttp
{
    public const string Client = "rollouts-chat";

    /// <summary>How long one request may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    private const int MostAnswerBytes = 1024 * 1024;

    public static void AddChatHttp(this IServiceCollection services) => services
        .AddHttpClient(Client, client =>
        {
            client.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
            client.MaxResponseContentBufferSize = MostAnswerBytes;
        })
        .RemoveAllLoggers()
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        .AddResilienceHandler("chat", pipeline => pipeline.AddTimeout(new HttpTimeoutStrategyOptions { Timeout = Timeout }));

    /// <summary>Sends a request. What went wrong is told by kind, and whether it is certain that nothing came through.</summary>
    /// <param name="http">The client.</param>
    /// <param name="who">For messages: the service, never an address, which may be a secret.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatException">It did not go as it should.</exception>
    public static async Task<string> SendAsync(this HttpClient http, string who, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            string body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? body : throw Refused(who, response);
        }
        catch (TimeoutRejectedException late)
        {
            throw new ChatException(FailureKind.Transient, $"{who} did not answer within {Timeout.TotalSeconds:0} s", isCertain: false, late);
        }
        catch (HttpRequestException failure)
        {
            bool neverSent = failure.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
            throw new ChatException(FailureKind.Transient, $"{who} can't be reached ({failure.HttpRequestError})", neverSent, failure);
        }
    }

    private static ChatException Refused(string who, HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        FailureKind kind = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => FailureKind.Transient,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => FailureKind.Forbidden,
            HttpStatusCode.NotFound or HttpStatusCode.Gone => FailureKind.NotFound,
            _ when status < 500 => FailureKind.Invalid,
            _ => FailureKind.Transient,
        };
        return new ChatException(kind, $"{who} answered HTTP {status}", isCertain: status < 500) { RetryAfter = RetryAfter(response) };
    }

    /// <summary>In seconds, as Slack gives it, or as a date, which is compared with the server's own.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when response.Headers.Date is { } said && date > said => date - said,
        _ => null,
    };
}

/// <summary>Chat did not do what it was asked.</summary>
/// <param name="kind">Why.</param>
/// <param name="message">For a person; no secret.</param>
/// <param name="isCertain">Whether nothing came through for certain.</param>
/// <param name="inner">What lies behind it.</param>
internal sealed class ChatException(FailureKind kind, string message, bool isCertain, Exception? inner = null) : Exception(message, inner)
{
    public FailureKind Kind { get; } = kind;

    public bool IsCertain { get; } = isCertain;

    /// <summary>See <see cref="PortException.RetryAfter"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public PortException ToPort() => new(Kind, Message, this) { RetryAfter = RetryAfter };
}
