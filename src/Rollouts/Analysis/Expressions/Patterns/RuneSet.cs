namespace Rollouts.Analysis.Expressions.Patterns;

/// <summary>A set of characters: ranges of them, in order and apart from one another.</summary>
internal sealed class RuneSet
{
    public const int Last = 0x10FFFF;

    private readonly List<(int From, int To)> ranges;

    private RuneSet(IEnumerable<(int From, int To)> ranges)
    {
        this.ranges = [];
        foreach (var (from, to) in ranges.Order())
        {
            if (this.ranges is [.., var last] && from <= last.To + 1)
            {
                this.ranges[^1] = (last.From, Math.Max(last.To, to));
            }
            else
            {
                this.ranges.Add((from, to));
            }
        }
    }

    public IReadOnlyList<(int From, int To)> Ranges => ranges;

    public static RuneSet Of(params IEnumerable<(int From, int To)> ranges) => new(ranges);

    public RuneSet Or(RuneSet other) => new(ranges.Concat(other.ranges));

    /// <summary>All characters that are not in the set.</summary>
    public RuneSet Not()
    {
        var others = new List<(int From, int To)>();
        var next = 0;
        foreach (var (from, to) in ranges)
        {
            if (from > next)
            {
                others.Add((next, from - 1));
            }

            next = to + 1;
        }

        if (next <= Last)
        {
            others.Add((next, Last));
        }

        return new RuneSet(others);
    }

    /// <summary>The set together with the other case of its characters.</summary>
    public RuneSet InAnyCase() =>
        new(ranges.Concat(ranges.SelectMany(range => CaseFolding.OthersOf(range.From, range.To))));
}
