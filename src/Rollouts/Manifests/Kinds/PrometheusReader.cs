using System.Text.RegularExpressions;
using Rollouts.Analysis;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads a metric's provider.</summary>
internal static partial class PrometheusReader
{
    private const string Prefix = "provider.prometheus.";

    private const int LongestTimeout = 600;

    private const int DefaultTimeout = 30;

    private static readonly string[] CredentialHeaders = ["authorization", "proxy-authorization", "cookie"];

    /// <param name="metric">Whose provider.</param>
    /// <param name="texts">Gets the texts that may hold arguments.</param>
    public static PrometheusQuery Read(FieldReader metric, List<LocatedText> texts)
    {
        var nothing = new PrometheusQuery { Query = "" };
        if (!metric.Has("provider"))
        {
            metric.Problems.Error(metric.Place, "no provider specified");
            return nothing;
        }

        if (metric.Object("provider", TemplateFields.Provider) is not { } provider)
            return nothing;
        if (provider.Has("prometheus") && provider.HasReportedFields)
            provider.Problems.Error(metric.Place, "multiple providers specified");
        if (!provider.Has("prometheus"))
        {
            if (!provider.HasReportedFields)
                provider.Problems.Error(metric.Place, "no provider specified");
            return nothing;
        }

        return provider.Object("prometheus", TemplateFields.Prometheus) is { } prometheus ? ReadQuery(prometheus, texts) : nothing;
    }

    private static PrometheusQuery ReadQuery(FieldReader prometheus, List<LocatedText> texts)
    {
        string? address = prometheus.Text("address");
        if (address is { Length: > 0 })
            texts.Add(LocatedText.Of(prometheus, "address", Prefix)!);
        string? query = prometheus.Require("query", "PromQL") ? prometheus.Text("query") : null;
        if (query is not null)
            texts.Add(LocatedText.Of(prometheus, "query", Prefix)!);
        if (query is not null && string.IsNullOrWhiteSpace(query))
            prometheus.Problems.Error(prometheus.At("query"), "is required: PromQL; found an empty text");
        return new PrometheusQuery
        {
            Address = string.IsNullOrEmpty(address) ? null : address,
            Query = query ?? "",
            TimeoutSeconds = ReadTimeout(prometheus),
            Headers = ReadHeaders(prometheus, texts),
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

        return prometheus.Integer("timeout", 0, LongestTimeout) is { } timeout and > 0 ? (int)timeout : DefaultTimeout;
    }

    private static List<QueryHeader> ReadHeaders(FieldReader prometheus, List<LocatedText> texts)
    {
        var headers = new List<QueryHeader>();
        foreach (FieldReader header in prometheus.Objects("headers", TemplateFields.Header))
        {
            string? key = header.Require("key", "the header's name") ? header.Text("key") : null;
            string? value = header.Require("value", "the header's value") ? header.Text("value") : null;
            string? problem = key is null ? null : CheckKey(key);
            if (problem is not null)
            {
                header.Problems.Error(header.At("key"), problem);
            }
            else if (key is not null && value is not null)
            {
                texts.Add(LocatedText.Of(header, "value", $"{Prefix}headers[{headers.Count}].")!);
                headers.Add(new QueryHeader(key, value));
            }

            if (value is not null && value.AsSpan().ContainsAny('\r', '\n'))
                header.Problems.Error(header.At("value"), "must be on one line");
        }

        return headers;
    }

    private static string? CheckKey(string key)
    {
        if (!HeaderName().IsMatch(key))
            return $"{Shown.Text(key)} is no header name";
        return CredentialHeaders.Contains(key.ToLowerInvariant())
            ? $"not supported: {key} carries a credential, and credentials belong to the operator's configuration of the address, not to a template"
            : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderName();
}
