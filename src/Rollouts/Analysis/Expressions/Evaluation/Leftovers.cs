namespace Rollouts.Analysis.Expressions.Evaluation;

/// <summary>
/// Values that expr-lang 1.17 leaves on its stack: one for each element that findLast and findLastIndex look at, and the arguments
/// of a method that a chain has not reached. Whoever takes several operands finds them there in place of those that lie below:
/// <c>3 == findLast(result, # &gt; 1)</c> compares with true instead of 3. Conditions only end as they do in Argo Rollouts if that
/// is so here too.
/// </summary>
internal sealed class Leftovers
{
    private List<object?>? values;

    public int Count { get; private set; }

    public void Add(object? value)
    {
        values ??= [];
        values.Add(value);
        Count++;
    }

    /// <summary>
    /// Puts operands and leftovers in the order in which they lie on the stack, and takes as many from the top as there are
    /// operands.
    /// </summary>
    /// <param name="operands">The operands; replaced by what is found in their place.</param>
    /// <param name="counts">How many leftovers there were when each operand was there.</param>
    public void Displace(Span<object?> operands, ReadOnlySpan<int> counts)
    {
        if (counts.IsEmpty || counts[0] == Count)
        {
            return;
        }

        var from = counts[0];
        var stack = new List<object?>();
        for (var i = 0; i < operands.Length; i++)
        {
            stack.AddRange(values![from..counts[i]]);
            stack.Add(operands[i]);
            from = counts[i];
        }

        stack.AddRange(values![from..]);
        var taken = stack.Count - operands.Length;
        stack[taken..].CopyTo(operands);
        values!.RemoveRange(counts[0], values.Count - counts[0]);
        values.AddRange(stack[..taken]);
        Count = values.Count;
    }
}
