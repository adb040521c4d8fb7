namespace Rollouts.Analysis.Arguments;

/// <summary>The arguments of an analysis.</summary>
/// <param name="Values">Those whose value is known.</param>
/// <param name="Secrets">Those whose value is a secret's.</param>
internal sealed record MergedArguments(IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, SecretReference> Secrets);
