namespace Rollouts.Analysis.Expressions;

/// <summary>What is wrong with a condition, or with its evaluation on a value.</summary>
/// <param name="Message">What is wrong, in the words that Argo Rollouts would use where it has some.</param>
/// <param name="Line">The line of the condition, from 1.</param>
/// <param name="Column">The character in that line, from 1; a value outside of the condition's control has column 1.</param>
public sealed record ConditionProblem(string Message, int Line, int Column)
{
    /// <summary>The message followed by the place, <c>message (line:column)</c>.</summary>
    public override string ToString() => $"{Message} ({Line}:{Column})";
}
