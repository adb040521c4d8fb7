using System.Collections.Concurrent;
using System.Text;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>The general categories of Unicode by their short names, <c>Lu</c> or <c>L</c>.</summary>
internal static class UnicodeCategories
{
    // In the order of System.Globalization.UnicodeCategory.
    private static readonly string[] Names =
    [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
        "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
    ];

    private static readonly ConcurrentDictionary<string, RuneSet?> Sets = new();

    /// <summary>The characters of a category; null when there is none of that name.</summary>
    public static RuneSet? Find(string name) => Sets.GetOrAdd(
        name.Length <= 2 && Array.Exists(Names, known => IsIn(known, name)) ? name : "", Collect);

    private static bool IsIn(string known, string name) => name.Length > 0 && known.StartsWith(name, StringComparison.Ordinal);

    private static RuneSet? Collect(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        var runes = new List<(int, int)>();
        for (var rune = 0; rune <= RuneSet.Last; rune++)
        {
            var category = Rune.IsValid(rune) ? (int)Rune.GetUnicodeCategory(new Rune(rune)) : Array.IndexOf(Names, "Cs");
            if (category < Names.Length && IsIn(Names[category], name))
            {
                runes.Add((rune, rune));
            }
        }

        return RuneSet.Of(runes);
    }
}
