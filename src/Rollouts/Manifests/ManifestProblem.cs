using System.Text.Json.Serialization;

namespace Rollouts.Manifests;

/// <summary>Something wrong, or worth knowing, in what was posted.</summary>
/// <param name="File">The file's name as the caller gave it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Path">The field, for instance <c>spec.strategy.canary.steps[2].setWeight</c>.</param>
/// <param name="Severity">An error stops the release, a warning does not.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record ManifestProblem(string File, int Line, string Path, ProblemSeverity Severity, string Message)
{
    /// <summary>The lint rule that warns, as the annotation <c>rolloutfunctions/lint-ignore</c> names it; null when none does.</summary>
    public string? Rule { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{File}:{Line}: {(Path.Length == 0 ? "" : Path + ": ")}{(Severity == ProblemSeverity.Warning ? "warning: " : "")}{Message}{(Rule is null ? "" : $" [{Rule}]")}";
}

/// <summary>How bad a problem is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProblemSeverity>))]
public enum ProblemSeverity
{
    /// <summary>The release can't start.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>The release can start; its author may want to look.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,
}
