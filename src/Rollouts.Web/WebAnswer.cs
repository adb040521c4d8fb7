using System.Text.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Web;

/// <summary>Reads the answer of a web service: JSON, or a part of it; what is no JSON is a text, as in Argo.</summary>
internal static class WebAnswer
{
    private const int MostDepth = 64;

    /// <exception cref="FormatException">There is nothing at the path, or the path is none; the message says which.</exception>
    public static MetricValue Read(string body, string? jsonPath)
    {
        if (Parse(body) is not { } root)
        {
            return new TextValue(body);
        }

        if (jsonPath is null)
        {
            return Value(root);
        }

        string path = KubernetesJsonPath.Translate(jsonPath);
        try
        {
            return root.SelectTokens(path, new JsonSelectSettings { ErrorWhenNoMatch = false, RegexMatchTimeout = TimeSpan.FromSeconds(1) }).FirstOrDefault() is { } found
                ? Value(found)
                : throw new FormatException($"Could not find JSONPath in body: there is nothing at {jsonPath}");
        }
        catch (Newtonsoft.Json.JsonException e)
        {
            throw new FormatException($"Could not find JSONPath in body: {jsonPath}: {e.Message}", e);
        }
    }

    private static JToken? Parse(string body)
    {
        try
        {
            // The stricter of the two parsers decides what is JSON.
            using (JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MostDepth }))
            {
            }

            using var reader = new JsonTextReader(new StringReader(body)) { DateParseHandling = DateParseHandling.None, MaxDepth = MostDepth };
            return JToken.ReadFrom(reader);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or Newtonsoft.Json.JsonException)
        {
            return null;
        }
    }

    private static MetricValue Value(JToken token)
    {
        using JsonDocument document = JsonDocument.Parse(token.ToString(Formatting.None));
        return MetricValue.FromJson(document.RootElement);
    }
}
