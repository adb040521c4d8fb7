namespace Rollouts.Analysis.Expressions;

/// <summary>A condition that cannot be parsed, does not fit the type of the result, or failed while it was evaluated.</summary>
public sealed class ConditionException : Exception
{
    /// <summary>Creates the exception for a problem.</summary>
    public ConditionException(ConditionProblem problem)
        : base((problem ?? throw new ArgumentNullException(nameof(problem))).ToString())
    {
        Problem = problem;
    }

    /// <summary>What is wrong and where.</summary>
    public ConditionProblem Problem { get; }
}
