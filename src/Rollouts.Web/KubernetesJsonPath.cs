using System.Globalization;
using System.Text.RegularExpressions;

namespace Rollouts.Web;

/// <summary>
/// Paths as <c>kubectl</c> and client-go write them, <c>{$.a.b[0]}</c>, in the form that the JSON library reads: without braces, from <c>$</c> on, texts
/// of a filter in single quotes, and a negative index as a slice.
/// </summary>
internal static partial class KubernetesJsonPath
{
    /// <exception cref="FormatException">It is no path of one expression.</exception>
    public static string Translate(string path)
    {
        string inner = path.Trim();
        if (inner is not ['{', .., '}'] || inner[1..^1].AsSpan().ContainsAny('{', '}'))
        {
            throw new FormatException($"the JSON path {path} must be one expression in braces, such as {{$.data.ok}}");
        }

        inner = inner[1..^1].Trim();
        if (inner is "end" || inner.StartsWith("range ", StringComparison.Ordinal) || inner.Contains("=~", StringComparison.Ordinal) || inner is ['"', ..] or ['\'', ..])
        {
            throw new FormatException($"the JSON path {path} must name a value; ranges, texts and regular expressions are not supported");
        }

        inner = inner switch
        {
            ['$', ..] => inner,
            ['.' or '[', ..] => "$" + inner,
            ['@', .. var rest] => "$" + rest,
            "" => "$",
            _ => "$." + inner,
        };
        inner = NegativeIndex().Replace(inner, index => int.Parse(index.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is > 1 and var back
            ? string.Create(CultureInfo.InvariantCulture, $"[-{back}:-{back - 1}]")
            : "[-1:]");
        return Filter().Replace(inner, match => match.Value.Replace('"', '\''));
    }

    [GeneratedRegex(@"\[-([1-9][0-9]{0,8})\]", RegexOptions.CultureInvariant)]
    private static partial Regex NegativeIndex();

    [GeneratedRegex(@"\?\([^']*\)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Filter();
}
