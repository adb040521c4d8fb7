using System.Text;
using Rollouts.Manifests.Fields;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Checks;

/// <summary>What can be said of a text before every argument has a value.</summary>
internal enum TextState
{
    /// <summary>Every argument in it has a value.</summary>
    Known,

    /// <summary>At least one declared argument has no value yet.</summary>
    Open,

    /// <summary>It can't be resolved, which has been reported.</summary>
    Broken,
}

/// <summary>Looks at the <c>{{args.NAME}}</c> of a text. Values are put into it by <see cref="Analysis.Arguments.ArgumentResolution"/>.</summary>
internal static class Placeholders
{
    /// <summary>Stands for a value that is not known; it fits where a number is expected and where a text is.</summary>
    private const char StandIn = '1';

    /// <param name="text">What to look at.</param>
    /// <param name="declared">The arguments that are declared.</param>
    /// <param name="values">Those of them that have a value.</param>
    /// <param name="problems">Gets what can't be resolved.</param>
    public static TextState Examine(
        LocatedText text, IReadOnlyCollection<string> declared, IReadOnlyDictionary<string, string> values, ProblemList problems)
    {
        TextState state = TextState.Known;
        foreach (string? tag in Tags(text.Value))
        {
            string name = tag?.Trim() ?? "";
            string argument = name.StartsWith("args.", StringComparison.Ordinal) ? name["args.".Length..] : "";
            if (tag is null)
            {
                problems.Error(text.Place, "has {{ without }}; arguments are written {{args.NAME}}");
                state = TextState.Broken;
            }
            else if (!declared.Contains(argument))
            {
                string hint = Spelling.Hint(name, declared.Select(d => "args." + d));
                problems.Error(text.Place, $"failed to resolve {{{{{Shown.Plain(tag)}}}}}{hint}; declare the argument in the template's spec.args");
                state = TextState.Broken;
            }
            else if (state == TextState.Known && !values.ContainsKey(argument))
            {
                state = TextState.Open;
            }
        }

        return state;
    }

    /// <summary>The text with a stand-in for every argument.</summary>
    public static string Neutral(string text)
    {
        var neutral = new StringBuilder();
        ReadOnlySpan<char> rest = text;
        while (rest.IndexOf("{{") is >= 0 and int open && rest[open..].IndexOf("}}") is > 0 and int close)
        {
            neutral.Append(rest[..open]).Append(StandIn);
            rest = rest[(open + close + 2)..];
        }

        return neutral.Append(rest).ToString();
    }

    /// <returns>What stands between the braces; null for braces without end.</returns>
    private static List<string?> Tags(string text)
    {
        var tags = new List<string?>();
        for (int at = 0; text.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and int open;)
        {
            int close = text.IndexOf("}}", open + 2, StringComparison.Ordinal);
            tags.Add(close < 0 ? null : text[(open + 2)..close]);
            if (close < 0)
                break;
            at = close + 2;
        }

        return tags;
    }
}
