namespace Rollouts.Manifests.Lint;

/// <summary>One thing that bites in practice, though the manifest is valid.</summary>
internal interface ILintRule
{
    /// <summary>How warnings and <c>rolloutfunctions/lint-ignore</c> call it.</summary>
    string Name { get; }

    /// <summary>What it warns of, in half a sentence for a table.</summary>
    string Summary { get; }

    IEnumerable<LintFinding> Check(LintedRelease release);
}

/// <summary>A warning.</summary>
/// <param name="Document">The document that it is about, whose annotations may silence it.</param>
/// <param name="Place">Where.</param>
/// <param name="Message">What happens, and the cure.</param>
internal sealed record LintFinding(Place Document, Place Place, string Message);
