using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rollouts.Analysis;
using Rollouts.Outbound;

namespace Rollouts.Web;

/// <summary>Puts <see cref="WebProvider"/> together.</summary>
public static class WebServiceCollectionExtensions
{
    /// <summary>Adds the provider as <see cref="IWebMetricProvider"/>, with one HTTP client for each address.</summary>
    /// <exception cref="ArgumentException">The options are not valid; the message holds every problem.</exception>
    public static IServiceCollection AddWebMetrics(this IServiceCollection services, WebOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        var urls = new AllowedUrls(options);
        services.AddHttpClient();
        services.AddTokenClient();
        foreach ((string client, WebAddress address) in urls.Clients)
        {
            services.AddOutboundClient(client, address.CaFile, changesNothing: false);
            if (address.AllowInsecure)
            {
                services.AddOutboundClient(AllowedUrls.Insecure(client), address.CaFile, insecure: true, changesNothing: false);
            }
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new WebProvider(
            s.GetRequiredService<IHttpClientFactory>(), urls, options.TokenAddresses, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IWebMetricProvider>(s => s.GetRequiredService<WebProvider>());
        return services;
    }
}
