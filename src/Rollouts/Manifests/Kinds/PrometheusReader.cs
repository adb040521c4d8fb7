using Rollouts.Analysis;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads what a metric asks Prometheus.</summary>
internal static class PrometheusReader
{
    private const string Prefix = "provider.prometheus.";

    private const int DefaultTimeout = 30;

    public static PrometheusQuery Read(FieldReader prometheus, List<LocatedText> texts)
    {
        string? address = ProviderReader.Text(prometheus, "address", Prefix, texts);
        FieldReader? authentication = prometheus.Object("authentication", TemplateFields.Authentication);
        const string Path = Prefix + "authentication.";
        return new PrometheusQuery
        {
            Address = string.IsNullOrEmpty(address) ? null : address,
            Query = ProviderReader.Required(prometheus, "query", "PromQL", Prefix, texts),
            TimeoutSeconds = ReadTimeout(prometheus),
            Headers = ProviderReader.Headers(prometheus, Prefix, texts),
            Range = ReadRange(prometheus, texts),
            Insecure = prometheus.Flag("insecure") ?? false,
            BasicAuth = authentication is null ? null : ReadBasic(authentication, Path, texts),
            OAuth2 = authentication is null ? null : ProviderReader.OAuth2(authentication, Path, texts),
        };
    }

    private static int ReadTimeout(FieldReader prometheus)
    {
        if (prometheus.Given("timeout") is { Node: ScalarNode { Kind: ScalarKind.Integer } scalar } field
            && PlainScalar.TryWhole(scalar.Text, out long seconds)
            && seconds < 0)
        {
            prometheus.Problems.Error(field.Place, "prometheus timeout should not be negative");
            return DefaultTimeout;
        }

        return ProviderReader.Timeout(prometheus, "timeout", DefaultTimeout);
    }

    private static PrometheusRange? ReadRange(FieldReader prometheus, List<LocatedText> texts)
    {
        if (prometheus.Object("rangeQuery", TemplateFields.RangeQuery) is not { } range)
            return null;
        const string Path = Prefix + "rangeQuery.";
        return new PrometheusRange(
            ProviderReader.Required(range, "start", "an expression that gives a time, such as now() - duration(\"1h\")", Path, texts),
            ProviderReader.Required(range, "end", "an expression that gives a time, such as now()", Path, texts),
            ProviderReader.Required(range, "step", "a Go duration such as 30s", Path, texts));
    }

    private static QueryBasicAuth? ReadBasic(FieldReader authentication, string prefix, List<LocatedText> texts)
    {
        if (authentication.Object("basicAuth", TemplateFields.BasicAuth) is not { } basic)
            return null;
        prefix += "basicAuth.";
        return new QueryBasicAuth(
            ProviderReader.Required(basic, "username", "the user", prefix, texts),
            ProviderReader.Required(basic, "password", "{{args.NAME}} of an argument from a Secret", prefix, texts));
    }
}
