using System.Text;
using Rollouts.Manifests.Fields;
using Rollouts.Manifests.Kinds;

namespace Rollouts.Manifests.Checks;

/// <summary>A text with its arguments filled in.</summary>
/// <param name="Text">With a stand-in where a value is not known yet.</param>
/// <param name="IsKnown">False when a stand-in was used.</param>
internal sealed record FilledText(string Text, bool IsKnown);

/// <summary>Fills <c>{{args.NAME}}</c> into texts, as far as values are known when a release is read.</summary>
internal static class Placeholders
{
    /// <summary>Stands for a value that is not known. It fits where a number is expected and where a text is.</summary>
    private const string StandIn = "1";

    /// <param name="text">What to fill.</param>
    /// <param name="args">The declared arguments; null stands for a value that is not known.</param>
    /// <param name="problems">Gets what can't be resolved.</param>
    /// <returns>Null when something could not be resolved.</returns>
    public static FilledText? Fill(LocatedText text, IReadOnlyDictionary<string, string?> args, ProblemList problems)
    {
        var filled = new StringBuilder();
        bool known = true;
        bool resolved = true;
        ReadOnlySpan<char> rest = text.Value;
        while (rest.IndexOf("{{") is >= 0 and int open)
        {
            int close = rest[open..].IndexOf("}}");
            if (close < 0)
            {
                problems.Error(text.Place, "has {{ without }}; arguments are written {{args.NAME}}");
                return null;
            }

            filled.Append(rest[..open]);
            string tag = rest.Slice(open + 2, close - 2).ToString();
            rest = rest[(open + close + 2)..];
            string name = tag.Trim();
            if (name.StartsWith("args.", StringComparison.Ordinal) && args.TryGetValue(name["args.".Length..], out string? value))
            {
                known &= value is not null;
                filled.Append(value ?? StandIn);
                continue;
            }

            resolved = false;
            string hint = Spelling.Hint(name, args.Keys.Select(k => "args." + k));
            problems.Error(text.Place, $"failed to resolve {{{{{Shown.Plain(tag)}}}}}{hint}; declare the argument in the template's spec.args");
        }

        return resolved ? new FilledText(filled.Append(rest).ToString(), known) : null;
    }
}
