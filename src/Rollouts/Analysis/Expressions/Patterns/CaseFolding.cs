using System.Text;

namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>Characters that differ in their case only.</summary>
internal static class CaseFolding
{
    private const int KelvinSign = 0x212A;
    private const int LongS = 0x17F;

    private static readonly Lazy<Dictionary<int, int[]>> Orbits = new(FindOrbits);

    public static IEnumerable<(int From, int To)> OthersOf(int from, int to)
    {
        for (var rune = from; rune <= to; rune++)
        {
            foreach (var other in OthersOf(rune))
            {
                yield return (other, other);
            }
        }
    }

    private static int[] OthersOf(int rune) => rune switch
    {
        'k' or 'K' => [rune ^ 0x20, KelvinSign],
        's' or 'S' => [rune ^ 0x20, LongS],
        >= 'A' and <= 'Z' or >= 'a' and <= 'z' => [rune ^ 0x20],
        < 0x80 => [],
        _ => Orbits.Value.GetValueOrDefault(rune, []),
    };

    // The table is large and rarely asked for: only for characters beyond ASCII.
    private static Dictionary<int, int[]> FindOrbits()
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

        return orbits.Values
            .Where(orbit => orbit.Count > 1)
            .SelectMany(orbit => orbit)
            .ToDictionary(rune => rune, rune => OrbitOf(orbits, rune));
    }

    private static int[] OrbitOf(Dictionary<int, List<int>> orbits, int rune) =>
        [.. orbits[Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(rune))).Value].Where(other => other != rune)];
}
