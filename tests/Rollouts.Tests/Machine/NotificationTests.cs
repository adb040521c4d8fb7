using CsCheck;
using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Notifications;
using Rollouts.Policy;
using Rollouts.Questions;
using Rollouts.Steps;

namespace Rollouts.Tests.Machine;

public sealed class NotificationTests
{
    private static readonly NotifyPolicy Team = new() { Channels = ["team"] };

    [Fact]
    public void Ask_WithAChannel_PostsTheEvidenceOnce()
    {
        MachineDriver world = Asked(Team, "[0.03]");
        NoticePost post = Assert.Single(world.Posts);
        Assert.Equal(("q1", "team", NoticeKind.Question, 1), (post.Key, post.Channel, post.Kind, post.Version));
        Assert.Null(post.MessageId);
        Assert.Equal("step 2 of 3 (analysis: error-rate), weight 5 of 100", post.Where);
        Assert.Equal("without an answer the policy rolls back at 2026-01-02 00:00 UTC", post.Otherwise);
        MetricEvidence metric = Assert.Single(post.Evidence!.Metrics);
        Assert.Equal(("error-rate", "0.03", "good <= 0.01, bad > 0.05", "1 unclear"), (metric.Name, metric.Latest, metric.LimitText, metric.Counts));
        Assert.Contains(world.Journal, e => e is { Type: EventType.NoticePosted, Message: "q1 posted to team" });
        world.Run(TimeSpan.FromHours(3));
        Assert.Single(world.Posts);
    }

    [Theory]
    [InlineData(Command.Promote, "promoted by jo")]
    [InlineData(Command.Abort, "rolled back by jo")]
    [InlineData(Command.PromoteFull, "promoted to full weight by jo")]
    public void Answer_Question_BringsThePostUpToDate(Command command, string message)
    {
        MachineDriver world = Asked(Team, "[0.03]");
        world.Decide(command, "q1");
        NoticePost post = world.Posts.Single(p => p is { Key: "q1", Version: 2 });
        Assert.Equal("team/q1", post.MessageId);
        Assert.Equal(("q1", message, "jo"), (post.End!.Id, post.End.Message, post.End.By));
        Assert.Null(post.Evidence);
        Assert.Equal(world.Rollout.LastQuestion, post.End);
    }

    [Fact]
    public void Expire_Question_BringsThePostUpToDateAndTellsTheOutcome()
    {
        MachineDriver world = Asked(Team, "[0.03]");
        world.Run(TimeSpan.FromHours(25));
        Assert.Equal(["q1/1", "q1/2", "outcome.1/1"], world.Posts.Select(p => $"{p.Key}/{p.Version}"));
        Assert.Equal(QuestionEnding.Expired, world.Posts[1].End!.Ending);
        Assert.Equal((RolloutOutcome.Aborted, NoticeKind.Outcome), (world.Posts[2].Outcome, world.Posts[2].Kind));
        Assert.True(world.Rollout.IsFinished);
        Assert.Empty(world.Rollout.Notices);
    }

    [Fact]
    public void Withdraw_Question_BringsThePostUpToDate()
    {
        string? value = "[]";
        MachineDriver world = new(Release(Team)) { Measure = _ => value };
        world.Run(TimeSpan.FromMinutes(11));
        Assert.Equal(QuestionKind.NoData, world.Posts.Single().Question!.Kind);
        value = "[0]";
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal((QuestionEnding.Withdrawn, 2), (world.Posts[1].End!.Ending, world.Posts[1].Version));
    }

    [Fact]
    public void Remind_OpenQuestion_TellsInTimeAndEscalatesOnce()
    {
        MachineDriver world = Asked(
            Team with { RemindEvery = TimeSpan.FromHours(1), EscalateAfter = TimeSpan.FromMinutes(150), EscalateTo = ["oncall", "lead"] }, "[0.03]");
        world.Run(TimeSpan.FromMinutes(200));
        Assert.Equal(
            ["q1 team", "q1.r1 team", "q1.r2 team", "q1.e oncall", "q1.e lead", "q1.r3 team"], world.Posts.Select(p => $"{p.Key} {p.Channel}"));
        Assert.Equal("team/q1", world.Posts[1].ReplyTo);
        world.Decide(Command.Promote);
        Assert.Equal(["q1 team", "q1.e oncall", "q1.e lead"], world.Posts.Where(p => p.End is not null).Select(p => $"{p.Key} {p.Channel}"));
    }

    [Fact]
    public void Remind_NobodyThereForHours_TellsOnce()
    {
        MachineDriver world = Asked(Team with { RemindEvery = TimeSpan.FromMinutes(10) }, "[0.03]");
        Turn late = RolloutMachine.Advance(world.Rollout, [], world.Now.AddHours(5));
        Assert.Equal(["q1.r30"], late.Effects.OfType<Notify>().Select(n => n.Post.Key));
    }

    [Fact]
    public void Post_Fails_IsTriedAgainLaterAndGivenUpInTheEnd()
    {
        List<DateTimeOffset> tries = [];
        MachineDriver world = new(Release(Team)) { Measure = _ => "[0.03]" };
        world.Answer = effect =>
        {
            if (effect is not Notify)
                return null;
            tries.Add(world.Now);
            return new EffectFailed(effect, FailureKind.Transient, "chat is away");
        };
        world.Run(TimeSpan.FromHours(5));
        Assert.InRange(tries.Count, 10, 30);
        Assert.All(tries.Zip(tries.Skip(1)), pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(5)));
        Assert.True(tries[^1] - tries[0] < TimeSpan.FromHours(1));
        Assert.Single(world.Journal, e => e.Type == EventType.NoticeFailing);
        Assert.Contains("chat is away", Assert.Single(world.Journal, e => e.Type == EventType.NoticeGivenUp).Message, StringComparison.Ordinal);
        Assert.NotNull(world.Rollout.Question);
        world.Answer = _ => null;
        world.Decide(Command.Promote);
        Assert.Equal(("q1", 2), (world.Posts[0].Key, world.Posts[0].Version));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 5)]
    [InlineData(42, 42)]
    [InlineData(86_400, 600)]
    [InlineData(int.MaxValue, 600)]
    public void Post_ChatWantsToBeLeftAlone_IsForAsLongWithinBounds(int asked, int rested)
    {
        List<DateTimeOffset> tries = [];
        MachineDriver world = new(Release(Team)) { Measure = _ => "[0.03]" };
        world.Answer = effect =>
        {
            if (effect is not Notify)
                return null;
            tries.Add(world.Now);
            return tries.Count == 1 ? new EffectFailed(effect, FailureKind.Transient, "HTTP 429") { RetryAfter = TimeSpan.FromSeconds(asked) } : null;
        };
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(rested), tries[1] - tries[0]);
        Assert.Equal(2, tries.Count);
        Assert.Contains(world.Journal, e => e is { Type: EventType.NoticePosted, Message: "q1 posted to team" });
    }

    [Fact]
    public void Post_HopelessChannel_IsGivenUpAtOnce()
    {
        MachineDriver world = new(Release(Team)) { Measure = _ => "[0.03]", Answer = e => e is Notify ? new EffectFailed(e, FailureKind.Invalid, "no such channel") : null };
        world.Run(TimeSpan.FromHours(1));
        Assert.Single(world.Journal, e => e.Type == EventType.NoticeGivenUp);
    }

    [Fact]
    public void Outcome_ChatIsAway_IsGivenUpOnRecordAndHoldsTheJournalOpenForThreeMinutesAtMost()
    {
        MachineDriver world = Ended(e => new EffectFailed(e, FailureKind.Transient, "chat is away"));
        Assert.False(world.Rollout.IsFinished);
        Assert.False(world.Rollout.OwnsTarget);
        world.Run(TimeSpan.FromMinutes(5));
        Assert.True(world.Rollout.IsFinished);
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal("outcome.1 is not shown in team: chat is away", Assert.Single(world.Journal, e => e.Type == EventType.NoticeGivenUp).Message);
        Assert.InRange(world.Now - world.Rollout.FinishedAt!.Value, TimeSpan.FromSeconds(61), TimeSpan.FromMinutes(3));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(30)]
    public void Outcome_FateOfThePostIsUnknownForAMinute_IsToldAllTheSame(int? restFirst)
    {
        DateTimeOffset? begun = null;
        bool limited = restFirst is null;
        MachineDriver world = null!;
        world = Ended(effect =>
        {
            if (!limited)
            {
                limited = true;
                return new EffectFailed(effect, FailureKind.Transient, "HTTP 429") { RetryAfter = TimeSpan.FromSeconds(restFirst!.Value) };
            }

            DateTimeOffset now = world?.Now ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
            begun ??= now;
            return now < begun + TimeSpan.FromMinutes(1) ? new EffectFailed(effect, FailureKind.Transient, "may still come through") : null;
        });
        world.Run(TimeSpan.FromMinutes(5));
        Assert.True(world.Rollout.IsFinished);
        Assert.Contains(world.Journal, e => e is { Type: EventType.NoticePosted, Message: "outcome.1 posted to team" });
        Assert.DoesNotContain(EventType.NoticeGivenUp, world.Events);
    }

    [Fact]
    public void Outcome_ChatNeverAnswers_IsGivenUpBeforeTheJournalIsClosed()
    {
        MachineDriver world = Ended(e => new EffectFailed(e, FailureKind.Transient, "chat is away"));
        Turn late = RolloutMachine.Advance(world.Rollout, [], world.Rollout.FinishedAt!.Value.AddMinutes(3));
        Assert.Equal(
            "outcome.1 is not shown in team: no answer within 3m of the rollout's end",
            Assert.Single(late.Rollout.Unrecorded, e => e.Type == EventType.NoticeGivenUp).Message);
        Assert.Contains(late.Effects, e => e is AppendJournal);
        Assert.DoesNotContain(late.Effects, e => e is CloseJournal or Notify);
    }

    [Fact]
    public void Remind_MoreOftenThanNoticesAreKept_BringsTheQuestionUpToDateAllTheSame()
    {
        MachineDriver world = Asked(Team with { RemindEvery = TimeSpan.FromMinutes(1) }, "[0.03]");
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal("team/q1", world.Posts[^1].ReplyTo);
        world.Decide(Command.Promote);
        Assert.Equal(("q1", 2, "team/q1"), (world.Posts[^1].Key, world.Posts[^1].Version, world.Posts[^1].MessageId));
    }

    [Fact]
    public void Notify_WhateverChatDoes_ChangesNothingElse() => RandomRollout.Cases.Sample(
        played =>
        {
            RandomRollout world = RandomRollout.Play(played);
            Release silent = played.Release with { Policy = played.Release.Policy with { Notify = null } };
            Turn twin = RolloutMachine.Start(silent, "id", "pipeline", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
            foreach (TakenTurn turn in world.Turns)
            {
                twin = RolloutMachine.Advance(twin.Rollout, [.. turn.Observations.Where(o => o is not (Notified or EffectFailed { Effect: Notify }))], turn.Now);
                if (twin.Rollout.Outcome is not null || turn.After.Rollout.Outcome is not null)
                {
                    return twin.Rollout.Outcome == turn.After.Rollout.Outcome;
                }

                if (!Same(twin, turn.After))
                {
                    return false;
                }
            }

            return true;
        },
        iter: 3_000,
        threads: 1);

    [Fact]
    public void Notify_WhateverChatDoes_TellsNothingTwice() => RandomRollout.Cases.Sample(
        played =>
        {
            HashSet<string> shown = [];
            foreach (TakenTurn turn in RandomRollout.Play(played).Turns)
            {
                foreach (Notified notified in turn.Observations.OfType<Notified>())
                {
                    shown.Add($"{notified.Channel}/{notified.Key}/{notified.Version}");
                }

                Notify[] wanted = [.. turn.After.Effects.OfType<Notify>()];
                if (wanted.Any(n => shown.Contains($"{n.Post.Channel}/{n.Post.Key}/{n.Post.Version}"))
                    || wanted.DistinctBy(n => (n.Post.Channel, n.Post.Key)).Count() != wanted.Length
                    || turn.After.Rollout.Notices.Count > 24)
                {
                    return false;
                }
            }

            return true;
        },
        iter: 3_000,
        threads: 1);

    /// <summary>A rollout that has ended, where posts come to what is given.</summary>
    private static MachineDriver Ended(Func<Effect, Observation?> posts)
    {
        MachineDriver world = new(Releases.With(RolloutPolicy.Default with { Notify = Team }, null, new SetWeightStep(5)))
        {
            Answer = e => e is Notify ? posts(e) : null,
        };
        world.Settle();
        Assert.NotNull(world.Rollout.Outcome);
        return world;
    }

    private static MachineDriver Asked(NotifyPolicy notify, string value)
    {
        MachineDriver world = new(Release(notify)) { Measure = _ => value };
        world.Settle();
        Assert.NotNull(world.Rollout.Question);
        return world;
    }

    private static Release Release(NotifyPolicy notify) => Releases.With(
        RolloutPolicy.Default with { Notify = notify }, null, new SetWeightStep(5), Releases.ErrorRate, new PauseStep(TimeSpan.FromHours(1)));

    private static bool Same(Turn one, Turn other)
    {
        Rollout a = one.Rollout, b = other.Rollout;
        return (a.Stage, a.StepIndex, a.StepStartedAt, a.TrafficRevision, a.AppliedRevision, a.Attempt, a.Question?.Id, a.LastQuestion?.Id, a.ManualPause, a.Analysis?.Phase)
            == (b.Stage, b.StepIndex, b.StepStartedAt, b.TrafficRevision, b.AppliedRevision, b.Attempt, b.Question?.Id, b.LastQuestion?.Id, b.ManualPause, b.Analysis?.Phase)
            && a.Desired.Equals(b.Desired)
            && Kinds(one).SequenceEqual(Kinds(other));
    }

    private static IEnumerable<string> Kinds(Turn turn) => turn.Effects.Where(e => e is not (Notify or AppendJournal)).Select(e => e.GetType().Name);
}
