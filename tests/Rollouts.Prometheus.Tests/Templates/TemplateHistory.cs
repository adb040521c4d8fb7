using System.Globalization;
using System.Text;

namespace Rollouts.Prometheus.Tests.Templates;

/// <summary>Ten minutes of a service's and an ingress controller's metrics, up to now, in OpenMetrics' format.</summary>
internal sealed class TemplateHistory
{
    private const int Seconds = 600;
    private const int Interval = 15;

    private static readonly double[] Bounds = [0.05, 0.1, 0.2, 0.4, 0.8];

    private readonly StringBuilder text = new();
    private readonly long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public override string ToString() => $"{text}# EOF\n";

    /// <summary>Requests of one version by status class; null for a status that was never seen.</summary>
    public TemplateHistory Requests(string labels, double okPerSecond, double? errorsPerSecond)
    {
        Counter($"{labels},status=\"200\"", okPerSecond);
        if (errorsPerSecond is { } errors)
        {
            Counter($"{labels},status=\"503\"", errors);
        }

        return this;

        void Counter(string all, double perSecond) =>
            Series(labels.Contains("ingress=", StringComparison.Ordinal) ? "nginx_ingress_controller_requests" : "http_requests_total", all, perSecond);
    }

    /// <summary>Durations of one version, all in the bucket that ends at a bound.</summary>
    public TemplateHistory Durations(string labels, double bound, double perSecond)
    {
        string name = labels.Contains("ingress=", StringComparison.Ordinal)
            ? "nginx_ingress_controller_request_duration_seconds_bucket"
            : "http_request_duration_seconds_bucket";
        foreach (double le in Bounds)
        {
            Series(name, $"{labels},le=\"{le.ToString(CultureInfo.InvariantCulture)}\"", le >= bound ? perSecond : 0);
        }

        Series(name, $"{labels},le=\"+Inf\"", perSecond);
        return this;
    }

    private void Series(string name, string labels, double perSecond)
    {
        for (int second = 0; second <= Seconds; second += Interval)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {perSecond * second} {now - Seconds + second}\n");
        }
    }
}
