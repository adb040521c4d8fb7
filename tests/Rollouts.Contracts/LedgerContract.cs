using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Contracts;

/// <summary>What <see cref="IRolloutLedger"/> promises.</summary>
public abstract class LedgerContract
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string rollout = $"shop.checkout.{Guid.NewGuid():N}";

    protected abstract IRolloutLedger Ledger { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RecordAsync_ARow_IsReadBackWhole()
    {
        LedgerRow row = Row();
        await Ledger.RecordAsync(row, Cancellation);
        Assert.Equivalent(new LedgerEntry(row, null), await Ledger.FindAsync(rollout, Cancellation), strict: true);
    }

    [Fact]
    public async Task RecordAsync_Again_LeavesOneRowAndItsJudgement()
    {
        await Ledger.RecordAsync(Row(), Cancellation);
        await Ledger.JudgeAsync(rollout, Judgement(Verdict.Right), Cancellation);
        await Ledger.RecordAsync(Row() with { Message = "as it was" }, Cancellation);

        LedgerEntry entry = Assert.Single(await OwnAsync(Noon));
        Assert.Equal(("as it was", Verdict.Right), (entry.Row.Message, entry.Judgement?.Verdict));
    }

    [Fact]
    public async Task JudgeAsync_Twice_TheLastWordCounts()
    {
        await Ledger.RecordAsync(Row(), Cancellation);
        await Ledger.JudgeAsync(rollout, Judgement(Verdict.Right), Cancellation);
        LedgerEntry? judged = await Ledger.JudgeAsync(rollout, Judgement(Verdict.Wrong), Cancellation);

        Assert.Equal(Judgement(Verdict.Wrong), judged?.Judgement);
        Assert.Equivalent(judged, await Ledger.FindAsync(rollout, Cancellation), strict: true);
    }

    [Fact]
    public async Task JudgeAsync_SeveralAttempts_JudgesTheLast()
    {
        await Ledger.RecordAsync(Row(), Cancellation);
        await Ledger.RecordAsync(Row() with { Attempt = 2 }, Cancellation);
        await Ledger.RecordAsync(Row() with { Attempt = 10 }, Cancellation);
        LedgerEntry? judged = await Ledger.JudgeAsync(rollout, Judgement(Verdict.Wrong), Cancellation);

        Assert.Equal(10, judged?.Row.Attempt);
        Assert.Equal([false, false, true], (await OwnAsync(Noon)).OrderBy(e => e.Row.Attempt).Select(e => e.Judgement is not null));
    }

    [Fact]
    public async Task AnyMember_UnknownRollout_AnswersNull()
    {
        Assert.Null(await Ledger.FindAsync(rollout, Cancellation));
        Assert.Null(await Ledger.JudgeAsync(rollout, Judgement(Verdict.Right), Cancellation));
        Assert.Empty(await OwnAsync(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public async Task ReadAsync_SinceATime_HasWhatEndedThenOrLaterNewestFirst()
    {
        await Ledger.RecordAsync(Row() with { Attempt = 1, FinishedAt = Noon.AddTicks(-1) }, Cancellation);
        await Ledger.RecordAsync(Row() with { Attempt = 2, FinishedAt = Noon }, Cancellation);
        await Ledger.RecordAsync(Row() with { Attempt = 3, FinishedAt = Noon.AddHours(1) }, Cancellation);

        Assert.Equal([3, 2], (await OwnAsync(Noon)).Select(e => e.Row.Attempt));
    }

    private async Task<IReadOnlyList<LedgerEntry>> OwnAsync(DateTimeOffset since) =>
        [.. (await Ledger.ReadAsync(since, Cancellation)).Where(e => e.Row.RolloutId == rollout)];

    private static Judgement Judgement(Verdict verdict) => new() { Verdict = verdict, By = "jo", At = Noon.AddDays(1), Reason = "seen \"it\"" };

    private LedgerRow Row() => new()
    {
        RolloutId = rollout,
        Attempt = 1,
        Service = "shop/checkout",
        Outcome = RolloutOutcome.RolledBack,
        StartedAt = Noon.AddMinutes(-5),
        FinishedAt = Noon,
        Message = "errors",
        Templates = ["cluster/p99", "error-rate"],
        FailedTemplates = ["error-rate"],
        Decisions = 2,
        AnswersTook = [30, 600],
    };
}
