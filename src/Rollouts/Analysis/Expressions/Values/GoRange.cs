using System.Collections;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>The whole numbers of a range (<c>1..1000</c>). Each is made when it is asked for: most conditions look at few of them, or at one at a time.</summary>
internal sealed class GoRange(long first, int count) : IReadOnlyList<object?>
{
    public int Count => count;

    public object? this[int index] =>
        (uint)index < (uint)count ? GoValues.Box(first + index) : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The numbers from one index up to another.</summary>
    public GoRange Part(int start, int end) => new(first + start, end - start);

    public IEnumerator<object?> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
            yield return GoValues.Box(first + i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
