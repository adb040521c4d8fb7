using System.Text.Json;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace Rollouts.Tests.Conformance;

/// <summary>Durations as manifests give them: of a pause, of a metric.</summary>
public sealed class DurationConformance
{
    public static IEnumerable<TheoryDataRow<DurationRow>> Rows => ConformanceRows.Read<DurationRow>("durations.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Read_Duration_IsArgosOrRefused(DurationRow row)
    {
        double? read = row.Field == "pause" ? ReadPause(row.Value) : ReadMetric(row.Field, row.Value);

        Assert.Equal(row.Why is null ? row.Seconds : row.Here, read);
    }

    private static double? ReadPause(JsonElement value)
    {
        ReleaseReading reading = Documents.Rollout(Documents.Object(("steps", new object[] { new { pause = new { duration = value } } })));
        return reading.HasErrors ? null : Assert.IsType<PauseStep>(Assert.Single(reading.Release!.Steps)).Duration!.Value.TotalSeconds;
    }

    private static double? ReadMetric(string field, JsonElement value)
    {
        ReleaseReading reading = Documents.Template(Documents.Object(("name", "a"), (field, value), ("provider", Documents.Prometheus)));
        if (reading.HasErrors)
            return null;
        Assert.True(GoDuration.TryParse(value.GetString()!, out TimeSpan duration));
        return duration.TotalSeconds;
    }
}

/// <param name="Source">Where Argo says so.</param>
/// <param name="Field"><c>pause</c>, or a field of a metric.</param>
/// <param name="Value">As in a manifest.</param>
/// <param name="Seconds">What Argo makes of it; null when it refuses it.</param>
/// <param name="Here">What is made of it here, where that differs.</param>
/// <param name="Why">Why it differs.</param>
public sealed record DurationRow(string Source, string Field, JsonElement Value, double? Seconds, double? Here = null, string? Why = null) : IConformanceRow;
