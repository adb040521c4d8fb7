using System.Text.Json;
using Rollouts.Analysis;
using Rollouts.Tests.Conformance;

namespace Rollouts.Prometheus.Tests.Conformance;

/// <summary>What Prometheus answers, over HTTP, and the measurement that comes of it.</summary>
public sealed class ProviderAnswerConformance
{
    public static IEnumerable<TheoryDataRow<AnswerRow>> Rows => ConformanceRows.Read<AnswerRow>("provider-answers.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Query_Answer_IsArgosMeasurement(AnswerRow row)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync($$"""{"status":"success","data":{{row.Data.GetRawText()}}}""");

        Measurement measurement = await MeasureAsync(stub, row);

        Assert.Equal((row.Phase, row.Value), (measurement.Phase, measurement.Value));
        Assert.Contains(row.Message, measurement.Message ?? "", StringComparison.Ordinal);
    }

    private static async Task<Measurement> MeasureAsync(PrometheusStub stub, AnswerRow row)
    {
        var metric = new Metric
        {
            Name = "m",
            SuccessCondition = row.Success,
            FailureCondition = row.Failure,
            Prometheus = Providers.Query(),
        };
        try
        {
            MetricAnswer answer = await Providers.For(stub.Address).AskAsync(metric.Prometheus);
            return MetricVerdict.Judge(metric, answer.Value, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        }
        catch (PortException failure)
        {
            return MetricVerdict.Judge(metric, null, failure.Message, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        }
    }
}

/// <param name="Source">Where Argo says so.</param>
/// <param name="Data">The <c>data</c> of the answer.</param>
/// <param name="Phase">The measurement's.</param>
/// <param name="Value">As Argo writes it; null when there is none.</param>
/// <param name="Success">The success condition.</param>
/// <param name="Failure">The failure condition.</param>
/// <param name="Message">A part of the measurement's message.</param>
public sealed record AnswerRow(
    string Source,
    JsonElement Data,
    MeasurementPhase Phase,
    string? Value = null,
    string? Success = null,
    string? Failure = null,
    string Message = "") : IConformanceRow;
