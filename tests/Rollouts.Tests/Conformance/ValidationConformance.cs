using System.Text.Json;
using Rollouts.Manifests;

namespace Rollouts.Tests.Conformance;

/// <summary>What is wrong with a manifest, in Argo's words where it has some.</summary>
public sealed class ValidationConformance
{
    public static IEnumerable<TheoryDataRow<ValidationRow>> Rows => ConformanceRows.Read<ValidationRow>("validation.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Read_Manifest_HasArgosProblem(ValidationRow row)
    {
        string[] errors = [.. Read(row).Problems.Where(p => p.Severity == ProblemSeverity.Error).Select(p => p.Message)];
        string? expected = row.Why is null ? row.Problem : row.Here;

        if (expected is null)
            Assert.Empty(errors);
        else
            Assert.Contains(errors, e => e.Contains(expected, StringComparison.Ordinal));
    }

    private static ReleaseReading Read(ValidationRow row) => row switch
    {
        { Metrics: { } metrics } => Documents.Template([.. metrics]),
        { Canary: { } canary } => Documents.Rollout(canary),
        _ => Documents.Analysis(row.Templates!, row.Args, row.Step),
    };
}

/// <summary>One of metrics (of one template), canary (fields of a Rollout's strategy) or templates (of one step).</summary>
/// <param name="Source">Where Argo says so.</param>
/// <param name="Problem">What Argo says of it; null when it takes it.</param>
/// <param name="Metrics">The metrics of a template.</param>
/// <param name="Canary">Fields of <c>spec.strategy.canary</c>.</param>
/// <param name="Templates">The <c>spec</c> of each template of one analysis step.</param>
/// <param name="Args">The step's arguments.</param>
/// <param name="Step">Its other fields.</param>
/// <param name="Here">What is said here, where that differs; null when it is taken.</param>
/// <param name="Why">Why it differs.</param>
public sealed record ValidationRow(
    string Source,
    string? Problem,
    IReadOnlyList<Dictionary<string, JsonElement>>? Metrics = null,
    Dictionary<string, JsonElement>? Canary = null,
    IReadOnlyList<Dictionary<string, JsonElement>>? Templates = null,
    IReadOnlyList<JsonElement>? Args = null,
    Dictionary<string, JsonElement>? Step = null,
    string? Here = null,
    string? Why = null) : IConformanceRow;
