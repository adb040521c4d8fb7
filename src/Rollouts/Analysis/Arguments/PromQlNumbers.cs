using System.Text.RegularExpressions;

namespace Rollouts.Analysis.Arguments;

/// <summary>Numbers and durations as PromQL writes them.</summary>
internal static partial class PromQlNumbers
{
    public static bool IsNumber(ReadOnlySpan<char> word) => Number().IsMatch(word);

    public static bool IsDuration(ReadOnlySpan<char> word) => Duration().IsMatch(word);

    [GeneratedRegex(
        @"^(?:0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?|[iI][nN][fF]|[nN][aA][nN])\z",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    [GeneratedRegex("^[0-9]+(?:ms|[smhdwy])(?:[0-9]+(?:ms|[smhdw]))*\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Duration();
}
