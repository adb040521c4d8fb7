using Rollouts.Analysis;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads what a metric asks a web service (Argo: <c>metricproviders/webmetric</c>).</summary>
internal static class WebReader
{
    private const string Prefix = "provider.web.";

    private const int DefaultTimeout = 10;

    public static WebQuery Read(FieldReader web, List<LocatedText> texts)
    {
        FieldReader? authentication = web.Object("authentication", TemplateFields.WebAuthentication);
        string method = web.Choice("method", [("GET", 0), ("POST", 1), ("PUT", 2)]) switch
        {
            1 => "POST",
            2 => "PUT",
            _ => "GET",
        };
        if (web.Has("body") && web.Has("jsonBody"))
            web.Problems.Error(web.At("jsonBody"), "use either Body or JSONBody; both cannot exists for WebMetric payload");
        foreach (string body in new[] { "body", "jsonBody" })
        {
            if (method == "GET" && web.Has(body))
                web.Problems.Error(web.At(body), "Body/JSONBody can only be used with POST or PUT WebMetric Method types");
        }

        return new WebQuery
        {
            Url = ProviderReader.Required(web, "url", "an http or https URL", Prefix, texts),
            Method = method,
            Headers = ProviderReader.Headers(web, Prefix, texts),
            Body = ProviderReader.Text(web, "body", Prefix, texts),
            JsonBody = ReadJson(web, texts),
            TimeoutSeconds = ProviderReader.Timeout(web, "timeoutSeconds", DefaultTimeout),
            JsonPath = ReadPath(web, texts),
            Insecure = web.Flag("insecure") ?? false,
            OAuth2 = authentication is null ? null : ProviderReader.OAuth2(authentication, Prefix + "authentication.", texts),
        };
    }

    private static string? ReadPath(FieldReader web, List<LocatedText> texts)
    {
        if (ProviderReader.Text(web, "jsonPath", Prefix, texts) is not { Length: > 0 } path)
            return null;
        if (!path.Contains("{{", StringComparison.Ordinal) && path.Trim() is not ['{', .., '}'])
            web.Problems.Error(web.At("jsonPath"), "must be one expression in braces, such as {$.data.ok}");
        return path;
    }

    private static string? ReadJson(FieldReader web, List<LocatedText> texts)
    {
        if (web.Given("jsonBody") is not { } body)
            return null;
        string json = NodeJson.Write(body.Node);
        texts.Add(new LocatedText(Prefix + "jsonBody", json, body.Place, new ScalarNode(body.Node.Line, json, YamlDotNet.Core.ScalarStyle.DoubleQuoted)));
        return json;
    }
}
