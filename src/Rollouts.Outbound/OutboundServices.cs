using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Rollouts.Outbound;

/// <summary>HTTP clients of requests that a manifest asks for.</summary>
internal static class OutboundServices
{
    private const int LongestTokenAnswer = 1024 * 1024;

    /// <param name="services">Where to.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="caFile">See <see cref="OutboundHandler.Create"/>.</param>
    /// <param name="insecure">The same.</param>
    /// <param name="changesNothing">Whether a POST changes nothing either, so that it may be repeated.</param>
    public static IHttpClientBuilder AddOutboundClient(this IServiceCollection services, string name, string? caFile, bool insecure = false, bool changesNothing = true)
    {
        IHttpClientBuilder builder = services.AddHttpClient(name, c => c.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => OutboundHandler.Create(caFile, insecure))
            .RemoveAllLoggers();
        builder.AddResilienceHandler("connect", pipeline => AddRetry(pipeline, changesNothing));
        return builder;
    }

    public static void AddTokenClient(this IServiceCollection services) => services
        .AddHttpClient(OAuth2Tokens.Client, c => c.MaxResponseContentBufferSize = LongestTokenAnswer)
        .ConfigurePrimaryHttpMessageHandler(() => OutboundHandler.Create(null))
        .RemoveAllLoggers();

    // A query changes nothing, so asking again is safe. It is done once, and only when there was no answer at all: a connection that could not be
    // made, or one kept open that the server had closed. A slow or overloaded server (time-outs, 429, 5xx) is not asked twice as often;
    // the machine asks again after 10 s anyway.
    private static void AddRetry(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, bool changesNothing)
    {
        var retry = new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = 1,
            Delay = TimeSpan.FromMilliseconds(200),
            BackoffType = DelayBackoffType.Constant,
            ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ResponseEnded,
            }),
        };
        if (!changesNothing)
        {
            retry.DisableForUnsafeHttpMethods();
        }

        pipeline.AddRetry(retry);
    }
}
