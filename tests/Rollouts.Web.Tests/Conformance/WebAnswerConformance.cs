using Rollouts.Analysis;
using Rollouts.Tests.Conformance;

namespace Rollouts.Web.Tests.Conformance;

/// <summary>What a web service answers, over HTTP, and the measurement that comes of it.</summary>
public sealed class WebAnswerConformance
{
    private static readonly DateTimeOffset Now = new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<TheoryDataRow<WebAnswerRow>> Rows => ConformanceRows.Read<WebAnswerRow>("web-answers.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Query_Answer_IsArgosMeasurement(WebAnswerRow row)
    {
        await using WebStub stub = await WebStub.StartAsync(row.Body, row.Status);

        Measurement measurement = await MeasureAsync(stub, row);

        Assert.Equal((row.Phase, row.Value), (measurement.Phase, measurement.Value));
        Assert.Contains(row.Message, measurement.Message ?? "", StringComparison.Ordinal);
    }

    private static async Task<Measurement> MeasureAsync(WebStub stub, WebAnswerRow row)
    {
        var metric = new Metric
        {
            Name = "m",
            SuccessCondition = row.Success,
            FailureCondition = row.Failure,
            Web = new WebQuery { Url = stub.Address, JsonPath = row.Path },
        };
        try
        {
            return MetricVerdict.Judge(metric, (await stub.Provider().AskAsync(metric.Web)).Value, null, Now, Now);
        }
        catch (PortException failure)
        {
            return MetricVerdict.Judge(metric, null, failure.Message, Now, Now);
        }
    }
}

/// <param name="Source">Where Argo says so.</param>
/// <param name="Body">What the service answers.</param>
/// <param name="Phase">The measurement's.</param>
/// <param name="Status">The answer's.</param>
/// <param name="Path">The metric's <c>jsonPath</c>.</param>
/// <param name="Success">The success condition.</param>
/// <param name="Failure">The failure condition.</param>
/// <param name="Value">As Argo writes it; null when there is none.</param>
/// <param name="Message">A part of the measurement's message.</param>
public sealed record WebAnswerRow(
    string Source,
    string Body,
    MeasurementPhase Phase,
    int Status = 200,
    string? Path = null,
    string? Success = null,
    string? Failure = null,
    string? Value = null,
    string Message = "") : IConformanceRow;
