using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rollouts.Tests.Conformance;

/// <summary>
/// Rows of a data file beside the theory that runs them. Each row names its source in Argo Rollouts 1.9, in its code or its documentation: a file of
/// argoproj/argo-rollouts and a function or test in it.
/// </summary>
internal static class ConformanceRows
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
    };

    public static IEnumerable<TheoryDataRow<T>> Read<T>(string file, [CallerFilePath] string beside = "")
        where T : IConformanceRow =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(beside)!, file)).Select((line, i) =>
        {
            T row = JsonSerializer.Deserialize<T>(line, Options)!;
            if (string.IsNullOrWhiteSpace(row.Source))
                throw new InvalidDataException($"{file}:{i + 1}: names no source");
            return new TheoryDataRow<T>(row) { TestDisplayName = $"{file}:{i + 1} ({row.Source})" };
        });
}

/// <summary>A row of a data file.</summary>
public interface IConformanceRow
{
    /// <summary>Where Argo says so.</summary>
    string Source { get; }
}
