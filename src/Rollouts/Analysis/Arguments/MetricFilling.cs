using System.Text.RegularExpressions;

namespace Rollouts.Analysis.Arguments;

/// <summary>Fills the fields of one metric template, each by the rules of what it holds.</summary>
internal sealed partial class MetricFilling(
    string template, string metric, IReadOnlyDictionary<string, string> args, List<ArgumentProblem> problems)
{
    private delegate (string? Text, int Index, string? Problem) Filler(TemplateText template, IReadOnlyList<string> values);

    /// <summary>A condition; null when it is not given or could not be filled.</summary>
    public string? Condition(string field, string? text) => text is null ? null : Fill(field, text, ConditionFilling.Fill);

    /// <summary>A PromQL query.</summary>
    public string? Query(string field, string text) => Fill(field, text, PromQlFilling.Fill);

    /// <summary>A server's address: a value adds to host, port or path.</summary>
    public string? Address(string field, string? text) =>
        text is null ? null : Fill(field, text, (parsed, values) => FillChecked(
            parsed, values, v => AddressPart().IsMatch(v), "in an address it may hold only letters, digits and - . _ ~ : / [ ]"));

    /// <summary>Any other text.</summary>
    public string? Text(string field, string? text) =>
        text is null ? null : Fill(field, text, (parsed, values) => FillChecked(
            parsed, values, v => !v.Any(char.IsControl), "it may hold no line break and no other control character"));

    public void Report(string field, string message) => problems.Add(new ArgumentProblem(template, metric, field, message));

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

    private string? Fill(string field, string text, Filler filler)
    {
        if (!text.Contains("{{", StringComparison.Ordinal))
        {
            return text;
        }

        if (!TemplateText.TryParse(text, out TemplateText? parsed, out string? problem))
        {
            Report(field, problem);
            return null;
        }

        var names = new List<string>();
        var values = new List<string>();
        foreach (string placeholder in parsed.Placeholders)
        {
            string name = placeholder.Trim();
            if (name.StartsWith("args.", StringComparison.Ordinal) && args.TryGetValue(name["args.".Length..], out string? value))
            {
                names.Add(name["args.".Length..]);
                values.Add(value);
            }
            else
            {
                Report(field, $"failed to resolve {{{{{placeholder}}}}}; declare the argument in the template's args and write {{{{args.NAME}}}}");
            }
        }

        if (values.Count < parsed.Placeholders.Count)
        {
            return null;
        }

        (string? filled, int refused, problem) = filler(parsed, values);
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
