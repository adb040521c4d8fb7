using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rollouts.Sandbox.Prometheus;

/// <summary>Writes <c>prometheus.yml</c>: every job scraped once a second.</summary>
public static class PrometheusConfiguration
{
    public static string Render(IEnumerable<ScrapeJob> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        var text = new StringBuilder("""
            global:
              scrape_interval: 1s
              scrape_timeout: 900ms
            scrape_configs:

            """);
        foreach (var job in jobs)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                  - job_name: {{Quote(job.Name)}}
                    static_configs:
                      - targets: [{{string.Join(", ", job.Targets.Select(Quote))}}]

                """);
        }

        return text.ToString();
    }

    // A JSON string is a YAML string.
    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
