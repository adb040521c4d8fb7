using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Rollouts.Analysis;

namespace Rollouts.Prometheus;

/// <summary>Puts <see cref="PrometheusProvider"/> together.</summary>
public static class PrometheusServiceCollectionExtensions
{
    /// <summary>Adds the provider as <see cref="IMetricProvider"/>, with one HTTP client for each address.</summary>
    /// <param name="services">Where to; a <see cref="TimeProvider"/> in it is used.</param>
    /// <param name="options">The addresses.</param>
    /// <param name="configure">
    /// Called for each address with its client, for what the options have no word for: a handler that gets a token from somewhere else
    /// (<c>client.AddHttpMessageHandler(…)</c>). Default: nothing more.
    /// </param>
    /// <exception cref="ArgumentException">The options are not valid; the message holds every problem.</exception>
    public static IServiceCollection AddPrometheus(
        this IServiceCollection services, PrometheusOptions options, Action<PrometheusAddress, IHttpClientBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        var addresses = new AllowedAddresses(options);
        services.AddHttpClient();
        foreach ((string client, PrometheusAddress address) in addresses.Clients)
        {
            IHttpClientBuilder builder = services.AddHttpClient(client, c => c.Timeout = Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(() => CreateHandler(address))
                .RemoveAllLoggers();
            builder.AddResilienceHandler("connect", AddRetry);
            builder.AddHttpMessageHandler(() => new CredentialsHandler(address));
            configure?.Invoke(address, builder);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new PrometheusProvider(
            s.GetRequiredService<IHttpClientFactory>(), addresses, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IMetricProvider>(s => s.GetRequiredService<PrometheusProvider>());
        return services;
    }

    private static SocketsHttpHandler CreateHandler(PrometheusAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            // Followed redirects would lead past the list of addresses.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // After an outage thousands of measurements are due at once; more connections than this only make a busy server slower.
            MaxConnectionsPerServer = 128,
        };
        if (address.CaFile is not null)
        {
            handler.SslOptions.CertificateChainPolicy = CertificateAuthorities.Read(address.CaFile);
        }

        return handler;
    }

    // A query changes nothing, so asking again is safe. It is done once, and only when there was no answer at all: a connection that could not be
    // made, or one kept open that the server had closed. A slow or overloaded server (time-outs, 429, 5xx) is not asked twice as often;
    // the machine asks again after 10 s anyway.
    private static void AddRetry(ResiliencePipelineBuilder<HttpResponseMessage> pipeline) => pipeline.AddRetry(new HttpRetryStrategyOptions
    {
        MaxRetryAttempts = 1,
        Delay = TimeSpan.FromMilliseconds(200),
        BackoffType = DelayBackoffType.Constant,
        ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ResponseEnded,
        }),
    });
}
