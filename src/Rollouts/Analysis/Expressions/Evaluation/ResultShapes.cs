using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Evaluation;

/// <summary>The types that a result can have; a condition is checked once for each.</summary>
internal static class ResultShapes
{
    public const int Count = 7;

    public static int Of(object? result) => result switch
    {
        null => 0,
        bool => 1,
        double => 2,
        string => 3,
        GoSlice slice => slice.Type == GoType.Floats ? 4 : 5,
        _ => 6,
    };
}
