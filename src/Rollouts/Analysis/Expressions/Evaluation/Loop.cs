using Rollouts.Analysis.Expressions.Functions;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Evaluation;

/// <summary>A loop over a collection, and where it is. What a predicate says of an element is evaluated while it is there.</summary>
internal sealed class Loop
{
    private readonly GoSlice? items;
    private readonly string? text;
    private readonly int cost;

    /// <summary>Begins a loop.</summary>
    /// <param name="collection">An array, or a text, of which the bytes are the elements.</param>
    /// <param name="outer">The loop around this one.</param>
    /// <param name="cost">The steps that one element takes.</param>
    public Loop(object? collection, Loop? outer, int cost)
    {
        Outer = outer;
        text = collection as string;
        this.cost = cost;
        (items, Length) = collection switch
        {
            GoSlice slice => (slice, slice.Count),
            string bytes => (null, bytes.Length),
            GoMap map => (null, map.Count),
            _ => throw new EvaluationFailure($"reflect: call of reflect.Value.Len on {Checks.KindName(collection)} Value"),
        };
    }

    public Loop? Outer { get; }

    public int Length { get; }

    public int Index { get; set; }

    public object? Accumulator { get; set; }

    public object? Current =>
        items is not null ? items[Index]
        : text is not null ? GoValues.Box((byte)text[Index])
        : throw new EvaluationFailure("reflect: call of reflect.Value.Index on map Value");

    /// <summary>Goes on to the first element that fits, and stays there.</summary>
    public bool Any(Run run, Func<Run, bool> fits)
    {
        for (; Index < Length; Index++)
        {
            run.Step(cost);
            if (fits(run))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes back from the end to the last element that fits, and stays there.</summary>
    public bool AnyFromTheEnd(Run run, Func<Run, bool> fits)
    {
        for (Index = Length - 1; Index >= 0; Index--)
        {
            run.Step(cost);
            run.Leftovers.Add(GoValues.True);
            if (fits(run))
            {
                return true;
            }
        }

        run.Leftovers.Add(GoValues.False);
        return false;
    }

    /// <summary>Counts the elements that fit, at most so many.</summary>
    public long Count(Run run, Func<Run, bool> fits, long most)
    {
        var count = 0L;
        while (count < most && Any(run, fits))
        {
            count++;
            Index++;
        }

        return count;
    }

    public void ForEach(Run run, Action act)
    {
        for (; Index < Length; Index++)
        {
            run.Step(cost);
            act();
        }
    }
}
