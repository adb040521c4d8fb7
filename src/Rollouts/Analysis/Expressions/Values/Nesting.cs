namespace Rollouts.Analysis.Expressions.Values;

/// <summary>Arrays and maps within one another, which may not be deeper than any function that goes down into them can bear.</summary>
internal static class Nesting
{
    // As deep as JSON that is read may be.
    private const int Deepest = 1000;

    /// <summary>The depth of what contains these values.</summary>
    /// <exception cref="EvaluationFailure">It is too deep.</exception>
    public static int Around(IEnumerable<object?> values) => values.Aggregate(1, Around);

    /// <summary>The depth of what had another depth before it contained a value.</summary>
    /// <exception cref="EvaluationFailure">It is too deep.</exception>
    public static int Around(int depth, object? value) =>
        Math.Max(depth, 1 + Of(value)) is var deeper && deeper <= Deepest
            ? deeper
            : throw new EvaluationFailure($"arrays and maps are nested more than {Deepest} deep");

    private static int Of(object? value) => value switch
    {
        GoSlice slice => slice.Depth,
        GoMap map => map.Depth,
        _ => 0,
    };
}
