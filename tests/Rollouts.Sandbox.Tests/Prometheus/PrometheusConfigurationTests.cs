using Rollouts.Sandbox.Prometheus;

namespace Rollouts.Sandbox.Tests.Prometheus;

public sealed class PrometheusConfigurationTests
{
    [Fact]
    public void Render_Jobs_ScrapesTheirTargetsEverySecond()
    {
        var text = PrometheusConfiguration.Render([new("checkout", ["127.0.0.1:1", "127.0.0.1:2"]), new("other", ["127.0.0.1:3"])]);

        Assert.Equal(
            """
            global:
              scrape_interval: 1s
              scrape_timeout: 900ms
            scrape_configs:
              - job_name: "checkout"
                static_configs:
                  - targets: ["127.0.0.1:1", "127.0.0.1:2"]
              - job_name: "other"
                static_configs:
                  - targets: ["127.0.0.1:3"]

            """,
            text);
    }
}
