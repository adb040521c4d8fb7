using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads a metric's provider, and what providers have in common.</summary>
internal static class ProviderReader
{
    private const int LongestTimeout = 600;

    /// <param name="metric">Whose provider.</param>
    /// <param name="texts">Gets the texts that may hold arguments.</param>
    /// <returns>One of the two; neither when it could not be read, which has been reported.</returns>
    public static (PrometheusQuery? Prometheus, WebQuery? Web) Read(FieldReader metric, List<LocatedText> texts)
    {
        var nothing = new PrometheusQuery { Query = "" };
        if (!metric.Has("provider"))
        {
            metric.Problems.Error(metric.Place, "no provider specified");
            return (nothing, null);
        }

        if (metric.Object("provider", TemplateFields.Provider) is not { } provider)
            return (nothing, null);
        string[] given = [.. TemplateFields.Provider.SupportedNames.Where(provider.Has)];
        if (given.Length > 1 || (given.Length == 1 && provider.HasReportedFields))
            provider.Problems.Error(metric.Place, "multiple providers specified");
        switch (given)
        {
            case ["prometheus", ..]:
                return (provider.Object("prometheus", TemplateFields.Prometheus) is { } prometheus ? PrometheusReader.Read(prometheus, texts) : nothing, null);
            case ["web"]:
                return provider.Object("web", TemplateFields.Web) is { } web ? (null, WebReader.Read(web, texts)) : (nothing, null);
            default:
                if (!provider.HasReportedFields)
                    provider.Problems.Error(metric.Place, "no provider specified");
                return (nothing, null);
        }
    }

    /// <summary>A text that may hold arguments; null when it is not given, or no text, which has been reported.</summary>
    public static string? Text(FieldReader reader, string field, string prefix, List<LocatedText> texts)
    {
        string? text = reader.Text(field);
        if (text is { Length: > 0 })
            texts.Add(LocatedText.Of(reader, field, prefix)!);
        return text;
    }

    /// <summary>A text that has to be there.</summary>
    public static string Required(FieldReader reader, string field, string meaning, string prefix, List<LocatedText> texts)
    {
        string? text = reader.Require(field, meaning) ? Text(reader, field, prefix, texts) : null;
        if (text is not null && string.IsNullOrWhiteSpace(text))
            reader.Problems.Error(reader.At(field), $"is required: {meaning}; found an empty text");
        return text ?? "";
    }

    /// <summary>Seconds; 0 takes the default.</summary>
    public static int Timeout(FieldReader reader, string field, int byDefault) =>
        reader.Integer(field, 0, LongestTimeout) is { } seconds and > 0 ? (int)seconds : byDefault;

    public static List<QueryHeader> Headers(FieldReader reader, string prefix, List<LocatedText> texts)
    {
        var headers = new List<QueryHeader>();
        foreach (FieldReader header in reader.Objects("headers", TemplateFields.Header))
        {
            string? key = header.Require("key", "the header's name") ? header.Text("key") : null;
            string? value = header.Require("value", "the header's value") ? header.Text("value") : null;
            if (key is not null && HeaderName.Problem(key, value ?? "") is { } problem)
            {
                header.Problems.Error(header.At("key"), problem);
            }
            else if (key is not null && value is not null)
            {
                texts.Add(LocatedText.Of(header, "value", $"{prefix}headers[{headers.Count}].")!);
                headers.Add(new QueryHeader(key, value));
            }

            if (value is not null && value.AsSpan().ContainsAny('\r', '\n'))
                header.Problems.Error(header.At("value"), "must be on one line");
        }

        return headers;
    }

    public static OAuth2Client? OAuth2(FieldReader authentication, string prefix, List<LocatedText> texts)
    {
        if (authentication.Object("oauth2", TemplateFields.OAuth2) is not { } reader)
            return null;
        prefix += "oauth2.";
        var scopes = new List<string>();
        foreach (Element scope in reader.List("scopes"))
        {
            if (scope.AsText(reader.Problems) is { } text)
            {
                texts.Add(new LocatedText($"{prefix}scopes[{scopes.Count}]", text, scope.Place, (ScalarNode)scope.Node));
                scopes.Add(text);
            }
        }

        return new OAuth2Client(
            Required(reader, "tokenUrl", "where tokens are had", prefix, texts),
            Required(reader, "clientId", "the client", prefix, texts),
            Required(reader, "clientSecret", "{{args.NAME}} of an argument from a Secret", prefix, texts),
            scopes);
    }
}
