using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Rollouts.Tests.Analysis.Expressions;

/// <summary>A measurement whose phase expr-lang itself has given, with the conditions as Argo Rollouts would evaluate them.</summary>
public sealed record RecordedCondition(string Result, string? Success, string? Failure, string Phase);

internal static class RecordedConditions
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads the rows of a file that stands beside this one.</summary>
    public static IEnumerable<TheoryDataRow<RecordedCondition>> Read(string file, [CallerFilePath] string beside = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(beside)!, file))
            .Where(line => line.Length > 0)
            .Select((line, i) => new TheoryDataRow<RecordedCondition>(JsonSerializer.Deserialize<RecordedCondition>(line, Options)!)
            {
                TestDisplayName = $"{file}:{i + 1}",
            });
}
