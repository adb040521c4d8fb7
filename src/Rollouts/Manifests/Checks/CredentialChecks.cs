using System.Text.RegularExpressions;
using Rollouts.Analysis.Arguments;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Checks;

/// <summary>
/// No credential stands in a manifest, neither as it is nor as the value of an argument: what is read here is stored, shown and told. Argo takes
/// literal ones; here they come from a Secret when a measurement is taken.
/// </summary>
internal static partial class CredentialChecks
{
    private const string Url = "provider.web.url";

    /// <summary>The cure of every one of them.</summary>
    public const string FromSecret =
        "holds a credential, which has to come from a Secret: declare an argument with valueFrom.secretKeyRef in the template and write {{args.NAME}}";

    /// <summary>Whether something that is called so shows who asks, such as <c>Authorization</c>, <c>X-Api-Key</c> or <c>access_token</c>.</summary>
    public static bool IsCredential(string name) => ProviderFilling.IsCredential(name) || Name().IsMatch(name);

    /// <param name="metric">The metric.</param>
    /// <param name="values">The arguments that have a value, which therefore is no secret.</param>
    /// <param name="problems">Gets what stands in the open.</param>
    public static void Check(LocatedMetric metric, IReadOnlyDictionary<string, string> values, ProblemList problems)
    {
        foreach (LocatedText text in metric.Texts.Where(t => t.IsOfProvider))
        {
            string name = text.Field[(text.Field.LastIndexOf('.') + 1)..];
            if (name is "password" or "clientSecret" && text.Field.Contains(".authentication.", StringComparison.Ordinal))
            {
                if (!IsSecretAlone(text.Value, values))
                    problems.Error(text.Place, $"{name} {FromSecret}{(IsOpen(text.Value, values) ? ", and nothing beside it" : "")}");
            }
            else if (HeaderOf(metric, text) is { } header && IsCredential(header) && !IsOpen(text.Value, values))
            {
                problems.Error(text.Place, $"{header} {FromSecret}");
            }
            else if (text.Field == Url && Parameters(text.Value).FirstOrDefault(p => IsCredential(p.Name) && !IsOpen(p.Value, values)).Name is { } parameter)
            {
                problems.Error(text.Place, $"{Shown.Text(parameter)} {FromSecret}");
            }
        }
    }

    /// <summary>Whether an argument without a value stands in a text: it is a secret, or is looked at again where it has a value.</summary>
    private static bool IsOpen(string text, IReadOnlyDictionary<string, string> values) =>
        TemplateText.TryParse(text, out TemplateText? parsed, out _) && parsed.Placeholders.Any(p => !values.ContainsKey(ArgumentOf(p)));

    private static bool IsSecretAlone(string text, IReadOnlyDictionary<string, string> values) =>
        TemplateText.TryParse(text, out TemplateText? parsed, out _)
        && parsed.Placeholders.Count > 0
        && parsed.Placeholders.All(p => !values.ContainsKey(ArgumentOf(p)))
        && string.IsNullOrWhiteSpace(parsed.Fill([.. parsed.Placeholders.Select(_ => "")], out _));

    private static string ArgumentOf(string placeholder) =>
        placeholder.Trim() is var name && name.StartsWith("args.", StringComparison.Ordinal) ? name["args.".Length..] : name;

    private static string? HeaderOf(LocatedMetric metric, LocatedText text) => HeaderValue().Match(text.Field) is { Success: true } header
        ? (metric.Metric.Web?.Headers ?? metric.Metric.Prometheus?.Headers)?.ElementAtOrDefault(int.Parse(header.Groups[1].ValueSpan, null))?.Key
        : null;

    private static IEnumerable<(string Name, string Value)> Parameters(string url) =>
        url.IndexOf('?', StringComparison.Ordinal) is >= 0 and int mark
            ? url[(mark + 1)..].Split('&').Select(p => p.Split('=', 2)).Where(p => p is [_, { Length: > 0 }]).Select(p => (p[0], p[1]))
            : [];

    [GeneratedRegex(@"(^|[-_])(api|app|application|access|auth|private|secret|subscription)[-_]?key\z|(^|[-_])(auth|authorization|cookie|credentials?|passwd|password|secret|token)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex(@"\.headers\[([0-9]{1,4})\]\.value\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HeaderValue();
}
