using System.Globalization;
using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Analysis.Expressions;
using Rollouts.Manifests;

namespace Rollouts.Prometheus.Tests.Templates;

/// <summary>What the queries of the shipped templates give on a real Prometheus.</summary>
public sealed class TemplateQueryTests(TemplateQueryTests.FilledServer server) : IClassFixture<TemplateQueryTests.FilledServer>
{
    [Theory]
    [InlineData("clean", "0")]
    [InlineData("steady", "0")]
    [InlineData("degraded", "0.02")]
    [InlineData("bad", "0.2")]
    [InlineData("broken", "1")]
    [InlineData("idle", "NaN")]
    [InlineData("rare", "NaN")]
    [InlineData("absent", "NaN")]
    public async Task ErrorRate_OfAVersion_IsTheShareOf5xxOrNaN(string name, string expected)
    {
        AssertNear(expected, await AskAsync("error-rate", new("service-name", name), new("canary-hash", "c2")));
        AssertNear(expected, await AskAsync("ingress-nginx-error-rate", new("namespace", "shop"), new("ingress", name)));
    }

    [Theory]
    [InlineData("clean", "1")]
    [InlineData("degraded", "2.005")]
    [InlineData("bad", "8.02")]
    [InlineData("broken", "8.04")]
    [InlineData("idle", "NaN")]
    [InlineData("rare", "NaN")]
    [InlineData("alone", "NaN")]
    [InlineData("absent", "NaN")]
    public async Task P99Latency_OfAVersion_IsMeasuredAgainstTheStableOneOrNaN(string name, string expected)
    {
        AssertNear(expected, await AskAsync("p99-latency", new("service-name", name), new("canary-hash", "c2"), new("stable-hash", "s1")));
        AssertNear(expected, await AskAsync("ingress-nginx-p99-latency", new("namespace", "shop"), new("ingress", name)));
    }

    private static void AssertNear(string expected, VectorValue found)
    {
        double value = Assert.Single(found.Values);
        double number = double.Parse(expected, CultureInfo.InvariantCulture);
        Assert.True(double.IsNaN(number) ? double.IsNaN(value) : Math.Abs(value - number) <= 0.01 * number, $"{value} is not near {expected}");
    }

    private async Task<VectorValue> AskAsync(string template, params AnalysisArgument[] args)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "templates", $"{template}.yaml");
        ReleaseReading reading = ReleaseReader.ReadTemplates(
            [new ManifestFile(file, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))]);
        var (metrics, problems) = ArgumentResolution.Resolve([reading.Templates[template]], args, "s1", "c2", []);
        Assert.Empty(problems);
        MetricAnswer answer = await Providers.For(server.Address).AskAsync(Assert.Single(metrics!).Prometheus!);
        return Assert.IsType<VectorValue>(answer.Value);
    }

    /// <summary>A server with versions of every kind, both as services and behind ingresses.</summary>
    public sealed class FilledServer : IAsyncLifetime
    {
        private RealPrometheus? server;

        public string Address => server!.Address;

        public async ValueTask InitializeAsync()
        {
            var history = new TemplateHistory();
            foreach ((string name, double perSecond, double? errors, double bound) in new (string, double, double?, double)[]
            {
                ("clean", 10, null, 0.1),
                ("steady", 10, 0, 0.1),
                ("degraded", 9.8, 0.2, 0.2),
                ("bad", 8, 2, 0.8),
                ("broken", 0, 10, 0.8),
                ("idle", 0, 0, 0.1),
                ("rare", 0.05, 0.05, 0.8),
            })
            {
                Versions(history, name, perSecond, errors, bound, stablePerSecond: 90);
            }

            Versions(history, "alone", 10, null, 0.1, stablePerSecond: 0.01);
            server = await RealPrometheus.StartAsync("", null, ("history.om", history.ToString()));
            PrometheusProvider provider = Providers.For(Address);
            for (int attempt = 0; attempt < 100; attempt++)
            {
                try
                {
                    await provider.AskAsync(Providers.Query("1"));
                    return;
                }
                catch (PortException e) when (e.Kind == FailureKind.Transient)
                {
                    // It answers 503 until it has read its data.
                    await Task.Delay(100);
                }
            }
        }

        public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

        private static void Versions(TemplateHistory history, string name, double perSecond, double? errors, double bound, double stablePerSecond)
        {
            string ingress = $"namespace=\"shop\",ingress=\"{name}\",service=\"{name}\"";
            (string Canary, string Stable)[] kinds =
            [
                ($"job=\"{name}\",version=\"c2\"", $"job=\"{name}\",version=\"s1\""),
                ($"{ingress},canary=\"shop-{name}-canary-80\"", $"{ingress},canary=\"\""),
            ];
            foreach ((string canary, string stable) in kinds)
            {
                // The stable version errs too, which must not count.
                history
                    .Requests(canary, perSecond, errors)
                    .Requests(stable, stablePerSecond, 5)
                    .Durations(canary, bound, perSecond + (errors ?? 0))
                    .Durations(stable, 0.1, stablePerSecond);
            }
        }
    }
}
