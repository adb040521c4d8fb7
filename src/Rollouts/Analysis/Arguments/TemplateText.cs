using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Rollouts.Analysis.Arguments;

/// <summary>A text with placeholders, <c>{{args.name}}</c> or <c>{{ args.name }}</c>.</summary>
internal sealed class TemplateText
{
    private readonly List<string> literals;

    private TemplateText(List<string> literals, List<string> placeholders)
    {
        this.literals = literals;
        Placeholders = placeholders;
    }

    /// <summary>What stands between the braces, in order, as written.</summary>
    public IReadOnlyList<string> Placeholders { get; }

    /// <summary>Splits a text at its placeholders.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TemplateText? parsed, [NotNullWhen(false)] out string? problem)
    {
        parsed = null;
        problem = null;
        var literals = new List<string>();
        var placeholders = new List<string>();
        int at = 0;
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and int open)
        {
            int close = text.IndexOf("}}", open + 2, StringComparison.Ordinal);
            if (close < 0)
            {
                problem = "a placeholder that begins with {{ does not end with }}";
                return false;
            }

            literals.Add(text[at..open]);
            placeholders.Add(text[(open + 2)..close]);
            at = close + 2;
        }

        literals.Add(text[at..]);
        parsed = new TemplateText(literals, placeholders);
        return true;
    }

    /// <summary>The text with a value in the place of each placeholder, and where each value stands.</summary>
    public string Fill(IReadOnlyList<string> values, out IReadOnlyList<Range> places)
    {
        var text = new StringBuilder(literals[0]);
        var found = new List<Range>(values.Count);
        for (int i = 0; i < values.Count; i++)
        {
            int start = text.Length;
            text.Append(values[i]);
            found.Add(start..text.Length);
            text.Append(literals[i + 1]);
        }

        places = found;
        return text.ToString();
    }
}
