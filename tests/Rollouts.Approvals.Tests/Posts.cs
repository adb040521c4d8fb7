using Rollouts.Analysis;
using Rollouts.Machine;
using Rollouts.Notifications;
using Rollouts.Questions;

namespace Rollouts.Approvals.Tests;

/// <summary>Posts as the machine makes them.</summary>
internal static class Posts
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static QuestionEvidence Evidence { get; } = new()
    {
        Metrics =
        [
            new MetricEvidence
            {
                Name = "error-rate",
                Phase = MeasurementPhase.Inconclusive,
                Latest = "0.03125",
                SuccessCondition = "result[0] <= 0.01",
                FailureCondition = "result[0] > 0.05",
                SuccessLimits = [new ConditionLimit("<=", 0.01)],
                FailureLimits = [new ConditionLimit(">", 0.05)],
                Counts = "2 good, 2 unclear, 1 without a value",
                Trend = Trend(0.004, 0.008, null, 0.024, 0.03125),
                Stable = Trend(0.003, 0.004, 0.004, 0.003, 0.0042),
            },
            new MetricEvidence
            {
                Name = "p99 `latency` <b>",
                Phase = MeasurementPhase.Running,
                DryRun = true,
                Latest = "0.21",
                FailureCondition = "result[0] > result[1] * 3",
                Trend = Trend(0.2, 0.21),
            },
        ],
    };

    public static NoticePost Question { get; } = new()
    {
        Key = "q1",
        Channel = "team",
        Kind = NoticeKind.Question,
        Version = 1,
        Since = Noon,
        Rollout = "shop.checkout.0123456789",
        Name = "checkout",
        Namespace = "shop",
        Where = "step 4 of 7 (analysis: error-rate), weight 5 of 100",
        Question = new Question("q1", QuestionKind.Inconclusive, Noon, Noon.AddHours(24), "Metric \"error-rate\" assessed Inconclusive due to inconclusive (2) > inconclusiveLimit (1)"),
        Otherwise = "without an answer the policy rolls back at 2026-01-03 12:00 UTC",
        Evidence = Evidence,
    };

    public static NoticePost Voted { get; } = Question with { Version = 2, MessageId = "1767355200.000100", Approvals = "1 of 2 approvals, by jo (U1)" };

    public static NoticePost Closed { get; } = Question with
    {
        Version = 3,
        MessageId = "1767355200.000100",
        Evidence = null,
        Otherwise = null,
        End = new QuestionEnd("q1", QuestionEnding.Aborted, "jo (U1)", Noon.AddMinutes(7), "rolled back by jo (U1) (too <slow> & dear)"),
    };

    public static NoticePost SignIn { get; } = Question with { SignIn = true, Evidence = null };

    public static NoticePost Reminder { get; } = Question with { Key = "q1.r1", Kind = NoticeKind.Reminder, Evidence = null, ReplyTo = "1767355200.000100" };

    public static NoticePost Escalation { get; } = Question with { Key = "q1.e", Kind = NoticeKind.Escalation };

    public static NoticePost Pause { get; } = Of(QuestionKind.Pause, "step 5 waits for a person at weight 25");

    public static NoticePost NoData { get; } = Of(QuestionKind.NoData, "Metric \"error-rate\" has had no data for 10m");

    public static NoticePost Failing { get; } = Of(QuestionKind.Error, "Metric \"error-rate\" can't be measured: connection refused");

    public static NoticePost Drift { get; } = Of(QuestionKind.Drift, "Somebody else has changed the traffic: weight 5 was written, weight 60 is there");

    public static NoticePost Share { get; } = Of(QuestionKind.Share, "the canary got 0 of 1000 requests, 0 %; its weight is 5 %");

    public static NoticePost Expired { get; } = Closed with
    {
        End = new QuestionEnd("q1", QuestionEnding.Expired, null, Noon.AddHours(24), "rolled back by the policy: nobody answered within 24h"),
    };

    public static NoticePost Superseded { get; } = Closed with
    {
        End = new QuestionEnd("q1", QuestionEnding.Superseded, null, Noon.AddMinutes(9), "closed, because the rollout is rolled back (superseded by shop.checkout.9876543210)"),
    };

    public static NoticePost Outcome { get; } = Question with
    {
        Key = "outcome.1",
        Kind = NoticeKind.Outcome,
        Question = null,
        Evidence = null,
        Otherwise = null,
        Where = "weight 0 of 100",
        Outcome = RolloutOutcome.RolledBack,
        Message = "Step-based analysis phase error/failed: Metric \"error-rate\" assessed Failed due to failed (2) > failureLimit (1)",
    };

    public static NoticePost Started { get; } = Outcome with { Key = "started.1", Kind = NoticeKind.Started, Outcome = null, Message = "asked for by kim@example.com" };

    public static NoticePost Named(string name) => name switch
    {
        "question" => Question,
        "voted" => Voted,
        "closed" => Closed,
        "sign-in" => SignIn,
        "reminder" => Reminder,
        "escalation" => Escalation,
        "pause" => Pause,
        "no-data" => NoData,
        "failing" => Failing,
        "drift" => Drift,
        "share" => Share,
        "expired" => Expired,
        "superseded" => Superseded,
        "outcome" => Outcome,
        _ => Started,
    };

    private static NoticePost Of(QuestionKind kind, string message) =>
        Question with { Question = new Question("q1", kind, Noon, Noon.AddHours(24), message), Evidence = kind == QuestionKind.Pause ? null : Evidence };

    public static TrendPoint[] Trend(params double?[] values) =>
        [.. values.Select((v, i) => new TrendPoint(Noon.AddMinutes(i), v, v is null ? MeasurementPhase.Error : MeasurementPhase.Inconclusive))];
}
