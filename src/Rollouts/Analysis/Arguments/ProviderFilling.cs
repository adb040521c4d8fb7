using System.Globalization;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Analysis.Arguments;

/// <summary>
/// Fills what a metric asks its provider. Called twice: with all that is known when a run begins, and with the secrets when a measurement is taken.
/// </summary>
internal static class ProviderFilling
{
    private static readonly string[] CredentialHeaders = ["authorization", "proxy-authorization", "cookie"];

    /// <summary>Whether a header shows who asks, so that its value has to come from a secret.</summary>
    public static bool IsCredential(string header) => CredentialHeaders.Contains(header, StringComparer.OrdinalIgnoreCase);

    public static PrometheusQuery Fill(MetricFilling fields, PrometheusQuery query)
    {
        const string Path = "provider.prometheus";
        string? address = fields.Address($"{Path}.address", query.Address);
        CheckAddress(fields, $"{Path}.address", address);
        return query with
        {
            Address = address,
            Query = fields.Query($"{Path}.query", query.Query) ?? "",
            Headers = Headers(fields, Path, query.Headers),
            Range = query.Range is { } range ? Range(fields, $"{Path}.rangeQuery", range) : null,
            BasicAuth = query.BasicAuth is { } basic ? Basic(fields, $"{Path}.authentication.basicAuth", basic) : null,
            OAuth2 = query.OAuth2 is { } client ? Client(fields, $"{Path}.authentication.oauth2", client) : null,
        };
    }

    public static WebQuery Fill(MetricFilling fields, WebQuery query)
    {
        const string Path = "provider.web";
        string? url = fields.Url($"{Path}.url", query.Url);
        if (!fields.IsDeferred($"{Path}.url"))
        {
            CheckAddress(fields, $"{Path}.url", url);
        }

        return query with
        {
            Url = url ?? "",
            Headers = Headers(fields, Path, query.Headers),
            Body = fields.Text($"{Path}.body", query.Body),
            JsonBody = fields.Json($"{Path}.jsonBody", query.JsonBody),
            JsonPath = fields.Text($"{Path}.jsonPath", query.JsonPath, mayBeSecret: false),
            OAuth2 = query.OAuth2 is { } client ? Client(fields, $"{Path}.authentication.oauth2", client) : null,
        };
    }

    private static void CheckAddress(MetricFilling fields, string field, string? address)
    {
        if (!string.IsNullOrEmpty(address)
            && !fields.IsDeferred(field)
            && !(Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0))
        {
            fields.Report(field, "the address must be an http or https URL without user name and password");
        }
    }

    private static List<QueryHeader> Headers(MetricFilling fields, string path, IReadOnlyList<QueryHeader> headers)
    {
        var filled = new List<QueryHeader>();
        for (int i = 0; i < headers.Count; i++)
        {
            string field = $"{path}.headers[{i}].value";
            string? key = fields.Text($"{path}.headers[{i}].key", headers[i].Key, mayBeSecret: false);
            string? value = fields.Text(field, headers[i].Value);
            if (key is null || value is null)
            {
                continue;
            }

            bool isSecret = headers[i].IsSecret || fields.IsDeferred(field);
            filled.Add(new QueryHeader(key, value) { IsSecret = isSecret });
            if (IsCredential(key) && !isSecret)
            {
                fields.Report(field, $"{key} {FromSecret}");
            }
        }

        return filled;
    }

    private const string FromSecret =
        "holds a credential, which has to come from a Secret: declare an argument with valueFrom.secretKeyRef in the template and write {{args.NAME}}";

    private static PrometheusRange Range(MetricFilling fields, string path, PrometheusRange range)
    {
        string start = fields.Condition($"{path}.start", range.Start) ?? "";
        string end = fields.Condition($"{path}.end", range.End) ?? "";
        string step = fields.Text($"{path}.step", range.Step, mayBeSecret: false) ?? "";
        foreach ((string field, string text) in new[] { ("start", start), ("end", end) })
        {
            if (text.Length > 0 && !TimeExpression.TryParse(text, out _, out ConditionProblem? problem))
            {
                fields.Report($"{path}.{field}", $"failed to parse rangeQuery.{field} as time: {problem.Message}");
            }
        }

        if (step.Length > 0 && !(GoDuration.TryParse(step, out TimeSpan duration) && duration >= TimeSpan.FromMilliseconds(1)))
        {
            fields.Report($"{path}.step", $"failed to parse rangeQuery.step as duration: '{step}' is no duration of 1ms or more; write for instance 30s");
        }

        return new PrometheusRange(start, end, step);
    }

    private static QueryBasicAuth Basic(MetricFilling fields, string path, QueryBasicAuth basic)
    {
        string username = fields.Text($"{path}.username", basic.Username) ?? "";
        string password = fields.Text($"{path}.password", basic.Password) ?? "";
        RequireSecret(fields, $"{path}.password");
        return new QueryBasicAuth(username, password);
    }

    private static OAuth2Client Client(MetricFilling fields, string path, OAuth2Client client)
    {
        string? url = fields.Address($"{path}.tokenUrl", client.TokenUrl);
        CheckAddress(fields, $"{path}.tokenUrl", url);
        string id = fields.Text($"{path}.clientId", client.ClientId) ?? "";
        string secret = fields.Text($"{path}.clientSecret", client.ClientSecret) ?? "";
        RequireSecret(fields, $"{path}.clientSecret");
        string[] scopes = [.. client.Scopes.Select((s, i) => fields.Text($"{path}.scopes[{i}]", s, mayBeSecret: false) ?? "")];
        return new OAuth2Client(url ?? "", id, secret, scopes);
    }

    private static void RequireSecret(MetricFilling fields, string field)
    {
        // The second time the secret is in its place.
        if (fields.Only is null && !fields.IsDeferred(field))
        {
            fields.Report(field, string.Create(CultureInfo.InvariantCulture, $"{field.AsSpan(field.LastIndexOf('.') + 1)} {FromSecret}"));
        }
    }
}
