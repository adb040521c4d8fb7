using System.Text;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>Characters that differ in their case only.</summary>
internal static class CaseFolding
{
    private const int KelvinSign = 0x212A;
    private const int LongS = 0x17F;

    private static readonly Comparer<(int Rune, int[] Others)> ByRune = Comparer<(int Rune, int[] Others)>.Create((a, b) => a.Rune.CompareTo(b.Rune));
    private static readonly Lazy<(int Rune, int[] Others)[]> Orbits = new(FindOrbits);

    public static IEnumerable<(int From, int To)> OthersOf(int from, int to)
    {
        for (var rune = from; rune <= Math.Min(to, 0x7F); rune++)
        {
            foreach (var other in OthersInAscii(rune))
            {
                yield return (other, other);
            }
        }

        if (to < 0x80)
        {
            yield break;
        }

        // A range may be half of Unicode, of which few characters have two cases.
        var orbits = Orbits.Value;
        var first = Array.BinarySearch(orbits, (Math.Max(from, 0x80), []), ByRune);
        for (var i = first < 0 ? ~first : first; i < orbits.Length && orbits[i].Rune <= to; i++)
        {
            foreach (var other in orbits[i].Others)
            {
                yield return (other, other);
            }
        }
    }

    private static int[] OthersInAscii(int rune) => rune switch
    {
        'k' or 'K' => [rune ^ 0x20, KelvinSign],
        's' or 'S' => [rune ^ 0x20, LongS],
        >= 'A' and <= 'Z' or >= 'a' and <= 'z' => [rune ^ 0x20],
        _ => [],
    };

    // The table is large and rarely asked for: only for characters beyond ASCII.
    private static (int Rune, int[] Others)[] FindOrbits()
    {
        var orbits = new Dictionary<int, List<int>>();
        for (var rune = 0; rune <= RuneSet.Last; rune++)
        {
            if (Rune.IsValid(rune) && Rune.IsLetter(new Rune(rune)))
            {
                var key = Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(rune))).Value;
                if (!orbits.TryGetValue(key, out var orbit))
                {
                    orbits[key] = orbit = [];
                }

                orbit.Add(rune);
            }
        }

        return [.. orbits.Values
            .Where(orbit => orbit.Count > 1)
            .SelectMany(orbit => orbit.Select(rune => (rune, orbit.Where(other => other != rune).ToArray())))
            .Order(ByRune)];
    }
}
