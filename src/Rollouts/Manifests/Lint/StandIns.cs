namespace Rollouts.Manifests.Lint;

/// <summary>
/// Puts something in the place of arguments that have no value, so that the rest of a query can be parsed: a number, a name or a duration, whatever
/// fits. All of one kind, or all but one of a kind; a query that mixes more is not linted on its own, only where a step gives the values.
/// </summary>
internal static class StandIns
{
    private static readonly string[] Kinds = ["1", "a", "1m"];

    public static IEnumerable<string[]> For(IReadOnlyList<string?> values)
    {
        int[] missing = [.. Enumerable.Range(0, values.Count).Where(i => values[i] is null)];
        if (missing.Length == 0)
        {
            yield return [.. values.Select(v => v!)];
            yield break;
        }

        foreach (string kind in Kinds)
            yield return [.. values.Select(v => v ?? kind)];
        foreach (int odd in missing.Take(20))
        {
            foreach (string kind in Kinds)
            {
                foreach (string other in Kinds.Where(o => o != kind))
                    yield return [.. values.Select((v, i) => v ?? (i == odd ? other : kind))];
            }
        }
    }
}
