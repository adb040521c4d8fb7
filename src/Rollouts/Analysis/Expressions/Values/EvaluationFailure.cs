namespace Rollouts.Analysis.Expressions.Values;

/// <summary>An operation that its operands do not allow; the evaluation turns it into a problem with a place.</summary>
internal sealed class EvaluationFailure(string message) : Exception(message);
