using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions.Syntax;

/// <summary>Lines and columns of a condition.</summary>
internal static class SourcePosition
{
    /// <summary>The problem of a message, whose text is in bytes as all text of an evaluation, at a character of a condition.</summary>
    public static ConditionProblem Problem(string source, int at, string message)
    {
        var before = source.AsSpan(0, Math.Clamp(at, 0, source.Length));
        var lineStart = before.LastIndexOf('\n') + 1;
        return new ConditionProblem(GoText.ToUnicode(message), before.Count('\n') + 1, before.Length - lineStart + 1);
    }
}
