using System.Globalization;
using System.Text;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>The characters of a class in a pattern, and how .NET writes them: it counts a character beyond U+FFFF as two.</summary>
internal sealed class RuneSet
{
    public const int Last = 0x10FFFF;

    private const string AnyPair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    private readonly List<(int From, int To)> ranges = [];
    private readonly StringBuilder categories = new();

    public bool IsNegated { get; set; }

    public void Add(int from, int to) => ranges.Add((from, to));

    /// <summary>Adds a class of .NET's, as it stands in brackets there.</summary>
    public void AddCategory(string category) => categories.Append(category);

    /// <summary>Adds all that is not in the ranges.</summary>
    public void AddAllBut(params ReadOnlySpan<(int From, int To)> excluded)
    {
        var next = 0;
        foreach (var (from, to) in excluded)
        {
            if (from > next)
            {
                Add(next, from - 1);
            }

            next = to + 1;
        }

        Add(next, Last);
    }

    public string Write()
    {
        var narrow = new StringBuilder();
        var wide = new List<string>();
        foreach (var (from, to) in ranges)
        {
            if (from <= 0xFFFF)
            {
                narrow.Append(Unit(from)).Append('-').Append(Unit(Math.Min(to, 0xFFFF)));
            }

            if (to > 0xFFFF)
            {
                wide.AddRange(Pairs(Math.Max(from, 0x10000), to));
            }
        }

        narrow.Append(categories);
        if (IsNegated)
        {
            var excluded = wide.Count == 0 || wide.Contains(AnyPair) ? null : string.Join('|', wide);
            if (excluded is not null)
            {
                return WriteComplement();
            }

            var isAll = wide.Count > 0;
            return $"(?:[^{narrow}\\uD800-\\uDFFF]{(isAll ? "" : "|" + AnyPair)})";
        }

        // .NET knows no empty class; this one matches nothing.
        var single = narrow.Length == 0 ? @"[^\u0000-\uFFFF]" : $"[{narrow}]";
        return wide.Count == 0 ? single : $"(?:{single}|{string.Join('|', wide)})";
    }

    private string WriteComplement()
    {
        var complement = new RuneSet();
        var next = 0;
        foreach (var (from, to) in ranges.Order())
        {
            if (from > next)
            {
                complement.Add(next, from - 1);
            }

            next = Math.Max(next, to + 1);
        }

        if (next <= Last)
        {
            complement.Add(next, Last);
        }

        return complement.Write();
    }

    private static IEnumerable<string> Pairs(int from, int to)
    {
        if (from == 0x10000 && to == Last)
        {
            yield return AnyPair;
            yield break;
        }

        var (fromHigh, fromLow) = Split(from);
        var (toHigh, toLow) = Split(to);
        if (fromHigh == toHigh)
        {
            yield return $"{Unit(fromHigh)}[{Unit(fromLow)}-{Unit(toLow)}]";
            yield break;
        }

        yield return $@"{Unit(fromHigh)}[{Unit(fromLow)}-\uDFFF]";
        if (toHigh - fromHigh > 1)
        {
            yield return $@"[{Unit(fromHigh + 1)}-{Unit(toHigh - 1)}][\uDC00-\uDFFF]";
        }

        yield return $@"{Unit(toHigh)}[\uDC00-{Unit(toLow)}]";
    }

    private static (int High, int Low) Split(int rune) =>
        (0xD800 + ((rune - 0x10000) >> 10), 0xDC00 + ((rune - 0x10000) & 0x3FF));

    private static string Unit(int unit) => string.Create(CultureInfo.InvariantCulture, $"\\u{unit:X4}");
}
