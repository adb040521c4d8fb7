using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rollouts.Analysis;
using Rollouts.Outbound;

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
        services.AddTokenClient();
        foreach ((string client, PrometheusAddress address) in addresses.Clients)
        {
            Add(client, insecure: false);
            if (address.AllowInsecure)
            {
                Add(AllowedAddresses.Insecure(client), insecure: true);
            }

            void Add(string name, bool insecure)
            {
                IHttpClientBuilder builder = services.AddOutboundClient(name, address.CaFile, insecure);
                builder.AddHttpMessageHandler(() => new CredentialsHandler(address));
                configure?.Invoke(address, builder);
            }
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new PrometheusProvider(
            s.GetRequiredService<IHttpClientFactory>(), addresses, options.TokenAddresses, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IMetricProvider>(s => s.GetRequiredService<PrometheusProvider>());
        return services;
    }
}
