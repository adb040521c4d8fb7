using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Tests.Ledger;

public sealed class LedgerReportTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_TheArticlesYear_CountsWhatItCounted()
    {
        // 400 deployments, 12 automatic rollbacks, all right, and three bad versions that were promoted.
        LedgerEntry[] entries =
        [
            .. Many(385, RolloutOutcome.Promoted, null),
            .. Many(3, RolloutOutcome.Promoted, Verdict.Wrong),
            .. Many(12, RolloutOutcome.RolledBack, Verdict.Right),
        ];
        LedgerCounts all = LedgerReport.Of(Noon, entries).All;
        Assert.Equal((400, 12, 12, 0, 3), (all.Deployments, all.AutomaticRollbacks, all.Correct, all.False, all.Missed));
        Assert.Equal((0.03, 0.0, 3 / 388.0), (all.RollbackRate, all.FalseRate, all.MissRate));
    }

    [Fact]
    public void Of_Nothing_HasNoRates()
    {
        LedgerReport report = LedgerReport.Of(Noon, []);
        Assert.Equal((0, null, null, null), (report.All.Deployments, report.All.RollbackRate, report.All.FalseRate, report.All.MissRate));
        Assert.Empty(report.Services);
    }

    [Fact]
    public void Of_SeveralServices_ComeWithTheMostDeploymentsFirst()
    {
        LedgerReport report = LedgerReport.Of(
            Noon, [.. Many(1, RolloutOutcome.Aborted, null, "shop/a"), .. Many(2, RolloutOutcome.Promoted, null, "shop/b"), .. Many(1, RolloutOutcome.Invalid, null, "shop/c")]);
        Assert.Equal([("shop/b", 2, 0), ("shop/a", 1, 1), ("shop/c", 0, 0)], report.Services.Select(s => (s.Name, s.Deployments, s.Aborted)));
    }

    [Fact]
    public void Of_Templates_ARollbackCountsForThoseThatFailedAndAMissForAll()
    {
        LedgerEntry rollback = Entry(RolloutOutcome.RolledBack, Verdict.Wrong) with { };
        rollback = rollback with { Row = rollback.Row with { Templates = ["errors", "latency"], FailedTemplates = ["latency"] } };
        LedgerEntry missed = Entry(RolloutOutcome.Promoted, Verdict.Wrong);
        missed = missed with { Row = missed.Row with { Templates = ["errors", "latency"] } };

        LedgerReport report = LedgerReport.Of(Noon, [rollback, missed]);
        LedgerCounts errors = report.Templates.Single(t => t.Name == "errors");
        LedgerCounts latency = report.Templates.Single(t => t.Name == "latency");
        Assert.Equal((2, 0, 0, 1), (errors.Deployments, errors.AutomaticRollbacks, errors.False, errors.Missed));
        Assert.Equal((2, 1, 1, 1), (latency.Deployments, latency.AutomaticRollbacks, latency.False, latency.Missed));
    }

    [Fact]
    public void Of_Answers_HasTheMedianAndTheLongest()
    {
        LedgerEntry entry = Entry(RolloutOutcome.Promoted, null);
        LedgerEntry[] entries = [entry with { Row = entry.Row with { AnswersTook = [600, 10], Decisions = 3 } }, entry with { Row = entry.Row with { AnswersTook = [60], Decisions = 1 } }];
        LedgerCounts all = LedgerReport.Of(Noon, entries).All;
        Assert.Equal((4, 3, 60, 600), (all.Decisions, all.Answers, all.MedianAnswerSeconds, all.LongestAnswerSeconds));
    }

    private static IEnumerable<LedgerEntry> Many(int count, RolloutOutcome outcome, Verdict? verdict, string service = "shop/checkout") =>
        Enumerable.Repeat(Entry(outcome, verdict, service), count);

    private static LedgerEntry Entry(RolloutOutcome outcome, Verdict? verdict, string service = "shop/checkout") => new(
        new LedgerRow { RolloutId = "r", Attempt = 1, Service = service, Outcome = outcome, StartedAt = Noon, FinishedAt = Noon },
        verdict is { } said ? new Judgement { Verdict = said, By = "jo", At = Noon } : null);
}
