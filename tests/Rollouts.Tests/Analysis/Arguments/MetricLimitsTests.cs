using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;

namespace Rollouts.Tests.Analysis.Arguments;

public sealed class MetricLimitsTests
{
    private static readonly MetricTemplate Plain = ArgumentResolutionTests.Metric("m", "up");

    public static TheoryData<string, MetricTemplate, string> Disagreements => new()
    {
        { "count", Plain with { Count = "1", FailureLimit = "2" }, "count (1) must be >= failureLimit + consecutiveSuccessLimit (2 + 0) if both >= 0" },
        {
            "count", Plain with { Count = "3", Interval = "1s", FailureLimit = "2", ConsecutiveSuccessLimit = "2" },
            "count (3) must be >= failureLimit + consecutiveSuccessLimit (2 + 2) if both >= 0"
        },
        { "count", Plain with { Count = "1", InconclusiveLimit = "2" }, "count must be >= inconclusiveLimit" },
        { "count", Plain with { Count = "-1" }, "count must be >= 0" },
        { "count", Plain with { Count = "a" }, "count must be a whole number, but is 'a'" },
        { "count", Plain with { Count = "1.5" }, "count must be a whole number, but is '1.5'" },
        { "count", Plain with { Count = "99999999999" }, "count must be a whole number, but is '99999999999'" },
        { "interval", Plain with { Count = "2" }, "interval must be specified when count > 1" },
        { "interval", Plain with { Interval = "5 minutes" }, "invalid interval string: '5 minutes' is no duration; write for instance 30s, 5m or 1h30m" },
        { "interval", Plain with { Interval = "0s" }, "interval must be longer than 0s" },
        { "initialDelay", Plain with { InitialDelay = "soon" }, "invalid startDelay string: 'soon' is no duration; write for instance 30s, 5m or 1h30m" },
        { "initialDelay", Plain with { InitialDelay = "-1s" }, "initialDelay must not be negative" },
        { "failureLimit", Plain with { FailureLimit = "-2" }, "failureLimit must be >= 0, or -1 to be disabled" },
        { "failureLimit", Plain with { FailureLimit = "-1" }, "failureLimit and consecutiveSuccessLimit cannot both be disabled" },
        { "inconclusiveLimit", Plain with { InconclusiveLimit = "-1" }, "inconclusiveLimit must be >= 0" },
        { "consecutiveErrorLimit", Plain with { ConsecutiveErrorLimit = "-1" }, "consecutiveErrorLimit must be >= 0" },
        { "consecutiveSuccessLimit", Plain with { ConsecutiveSuccessLimit = "-1" }, "consecutiveSuccessLimit must be >= 0" },
    };

    [Theory]
    [MemberData(nameof(Disagreements))]
    public void Resolve_NumbersThatDisagree_AreAProblemOfTheirField(string field, MetricTemplate metric, string message)
    {
        var (metrics, problems) = ArgumentResolution.Resolve([ArgumentResolutionTests.Template("t", [], metric)], [], null, null, []);

        Assert.Null(metrics);
        Assert.Equal(new ArgumentProblem("t", "m", field, message), Assert.Single(problems));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("3", "2", "1")]
    [InlineData("5", "-1", "5")]
    [InlineData("0", "9", null)]
    public void Resolve_NumbersThatAgree_GiveTheMetric(string? count, string? failureLimit, string? consecutiveSuccessLimit)
    {
        MetricTemplate metric = Plain with
        {
            Count = count,
            Interval = "1s",
            FailureLimit = failureLimit,
            ConsecutiveSuccessLimit = consecutiveSuccessLimit,
        };

        Assert.Empty(ArgumentResolution.Resolve([ArgumentResolutionTests.Template("t", [], metric)], [], null, null, []).Problems);
    }
}
