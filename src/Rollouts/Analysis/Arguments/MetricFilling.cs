using System.Text.RegularExpressions;

namespace Rollouts.Analysis.Arguments;

/// <summary>Fills the fields of one metric, each by the rules of what it holds.</summary>
/// <param name="template">Whose metric, for the messages.</param>
/// <param name="metric">Its name, for the messages.</param>
/// <param name="values">The values.</param>
/// <param name="problems">Gets what can't be filled.</param>
internal sealed partial class MetricFilling(
    string template, string metric, IReadOnlyDictionary<string, string> values, List<ArgumentProblem> problems)
{
    private readonly List<string> deferred = [];

    private delegate (string? Text, int Index, string? Problem) Filler(TemplateText template, IReadOnlyList<string> values);

    /// <summary>The arguments whose value is a secret's. A field of the provider that names one keeps its placeholders. Default none.</summary>
    public IReadOnlyDictionary<string, SecretReference> Secrets { get; init; } = new Dictionary<string, SecretReference>();

    /// <summary>The only fields that are filled; all others are left as they are. Null fills every field.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    /// <summary>The fields that kept their placeholders because of a secret.</summary>
    public IReadOnlyList<string> Deferred => deferred;

    /// <summary>A condition; null when it is not given or could not be filled.</summary>
    public string? Condition(string field, string? text) => text is null ? null : Fill(field, text, ConditionFilling.Fill, mayBeSecret: false);

    /// <summary>A PromQL query.</summary>
    public string? Query(string field, string text) => Fill(field, text, PromQlFilling.Fill);

    /// <summary>A server's address: a value adds to host, port or path.</summary>
    public string? Address(string field, string? text) =>
        text is null ? null : Fill(field, text, (parsed, given) => FillChecked(
            parsed, given, v => AddressPart().IsMatch(v), "in an address it may hold only letters, digits and - . _ ~ : / [ ]"));

    /// <summary>A URL: before the question mark as an address, after it a value is encoded, so that it stays one value.</summary>
    public string? Url(string field, string? text)
    {
        if (text is null || text.IndexOf('?', StringComparison.Ordinal) is not (>= 0 and int mark))
        {
            return Address(field, text);
        }

        // One field: a secret in either part leaves both open.
        if (IsOpen(text))
        {
            return Defer(field, text);
        }

        string? address = Address(field, text[..mark]);
        string? query = Fill(field, text[mark..], (parsed, given) => (parsed.Fill([.. given.Select(Uri.EscapeDataString)], out _), -1, null));
        return address is null || query is null ? null : address + query;
    }

    /// <summary>JSON: a value adds to a text of it.</summary>
    public string? Json(string field, string? text) =>
        text is null ? null : Fill(field, text, (parsed, given) => (parsed.Fill([.. given.Select(JsonText.Escape)], out _), -1, null));

    /// <summary>Any other text.</summary>
    public string? Text(string field, string? text, bool mayBeSecret = true) =>
        text is null ? null : Fill(
            field,
            text,
            (parsed, given) => FillChecked(parsed, given, v => !v.Any(char.IsControl), "it may hold no line break and no other control character"),
            mayBeSecret);

    public void Report(string field, string message) => problems.Add(new ArgumentProblem(template, metric, field, message));

    /// <summary>Whether a field kept its placeholders.</summary>
    public bool IsDeferred(string field) => deferred.Contains(field);

    private static (string? Text, int Index, string? Problem) FillChecked(
        TemplateText template, IReadOnlyList<string> values, Func<string, bool> isAllowed, string problem)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (!isAllowed(values[i]))
            {
                return (null, i, problem);
            }
        }

        return (template.Fill(values, out _), -1, null);
    }

    private static string? NameOf(string placeholder) =>
        placeholder.Trim() is var name && name.StartsWith("args.", StringComparison.Ordinal) ? name["args.".Length..] : null;

    private bool IsOpen(string text) =>
        Secrets.Count > 0
        && TemplateText.TryParse(text, out TemplateText? parsed, out _)
        && parsed.Placeholders.Any(p => NameOf(p) is { } name && Secrets.ContainsKey(name));

    private string Defer(string field, string text)
    {
        deferred.Add(field);
        return text;
    }

    private string? Fill(string field, string text, Filler filler, bool mayBeSecret = true)
    {
        if (!text.Contains("{{", StringComparison.Ordinal) || Only?.Contains(field) == false)
        {
            return text;
        }

        if (!TemplateText.TryParse(text, out TemplateText? parsed, out string? problem))
        {
            Report(field, problem);
            return null;
        }

        var names = new List<string>();
        var given = new List<string>();
        bool isOpen = false;
        foreach (string placeholder in parsed.Placeholders)
        {
            string? name = NameOf(placeholder);
            if (name is not null && values.TryGetValue(name, out string? value))
            {
                names.Add(name);
                given.Add(value);
            }
            else if (name is not null && Secrets.ContainsKey(name) && mayBeSecret)
            {
                isOpen = true;
            }
            else
            {
                Report(field, name is not null && Secrets.ContainsKey(name)
                    ? $"the secret args.{name} can't stand in {field}, where it would be kept and shown; secrets belong into the provider's headers and credentials"
                    : $"failed to resolve {{{{{placeholder}}}}}; declare the argument in the template's args and write {{{{args.NAME}}}}");
                return null;
            }
        }

        if (isOpen)
        {
            return Defer(field, text);
        }

        (string? filled, int refused, problem) = filler(parsed, given);
        if (filled is null)
        {
            Report(field, refused < 0
                ? $"values can't be put into {field} of metric '{metric}' in template '{template}': {problem}"
                : $"the value of argument '{names[refused]}' can't be put into {field} of metric '{metric}' in template '{template}': {problem}");
        }

        return filled;
    }

    [GeneratedRegex(@"^[A-Za-z0-9\-._~:/\[\]]*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AddressPart();
}
