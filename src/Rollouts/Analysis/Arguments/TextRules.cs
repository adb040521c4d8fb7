namespace Rollouts.Analysis.Arguments;

/// <summary>What a value may hold inside quotes and comments, in either language.</summary>
internal static class TextRules
{
    public static string? InString(string value, char quote) =>
        value.Contains(quote, StringComparison.Ordinal) || value.Contains('\\', StringComparison.Ordinal) || value.Any(char.IsControl)
            ? $"inside this string it may hold no {quote}, no backslash, no line break and no other control character"
            : null;

    public static string? InComment(string value) =>
        value.Any(char.IsControl) ? "inside a comment it may hold no line break and no other control character" : null;
}
