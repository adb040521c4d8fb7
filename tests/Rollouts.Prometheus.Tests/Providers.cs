using Microsoft.Extensions.DependencyInjection;
using Rollouts.Analysis;

namespace Rollouts.Prometheus.Tests;

/// <summary>Providers put together as the applications do it.</summary>
internal static class Providers
{
    public static PrometheusProvider For(string address) => For(PrometheusOptions.For(address));

    public static PrometheusProvider For(PrometheusAddress address) =>
        For(new PrometheusOptions { Addresses = [address], DefaultAddress = address.Address });

    public static PrometheusProvider For(PrometheusOptions options, Action<PrometheusAddress, IHttpClientBuilder>? configure = null) =>
        new ServiceCollection().AddPrometheus(options, configure).BuildServiceProvider().GetRequiredService<PrometheusProvider>();

    public static PrometheusQuery Query(string query = "up", int timeoutSeconds = 10) => new() { Query = query, TimeoutSeconds = timeoutSeconds };

    public static Task<MetricAnswer> AskAsync(this PrometheusProvider provider, PrometheusQuery query) =>
        provider.QueryAsync(query, TestContext.Current.CancellationToken);

    public static Task<PortException> FailAsync(this PrometheusProvider provider, PrometheusQuery query) =>
        Assert.ThrowsAsync<PortException>(() => provider.AskAsync(query));
}
