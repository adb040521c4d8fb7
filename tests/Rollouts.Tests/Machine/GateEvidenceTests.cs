using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Notifications;
using Rollouts.Policy;
using Rollouts.Questions;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

/// <summary>Every kind of gate opens a question that tells what it rests on, and what happens without an answer.</summary>
public sealed class GateEvidenceTests
{
    private static readonly NotifyPolicy Team = new() { Channels = ["team"] };

    [Theory]
    [InlineData(QuestionKind.Pause, "step 3 waits for a person at weight 5", "0.004")]
    [InlineData(QuestionKind.Inconclusive, "assessed Inconclusive", "0.03")]
    [InlineData(QuestionKind.NoData, "no data", "no data")]
    [InlineData(QuestionKind.Error, "connection refused", "connection refused")]
    [InlineData(QuestionKind.Drift, "weight 60 is there", "0.004")]
    [InlineData(QuestionKind.Share, "the canary got 0 of 1000 requests", "0.004")]
    public void Ask_EachKindOfGate_TellsMeasurementsLimitsTheStableVersionTheTrendAndWhatHappensOtherwise(QuestionKind kind, string message, string latest)
    {
        MachineDriver world = Waiting(kind, OnExpiry(UnclearAction.Abort));
        NoticePost post = Assert.Single(world.Posts);

        Assert.Equal((kind, NoticeKind.Question), (post.Question!.Kind, post.Kind));
        Assert.Contains(message, post.Question.Message, StringComparison.Ordinal);
        Assert.Equal($"without an answer the policy rolls back at {post.Question.ExpiresAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC", post.Otherwise);
        Assert.Equal(TimeSpan.FromHours(2), post.Question.ExpiresAt - post.Question.AskedAt);
        Assert.Equal(post.Otherwise, Engine.RolloutStatusView.Of(world.Turn).Otherwise);

        // The twin for the stable version is shown beside the canary's, not as a metric of its own.
        MetricEvidence metric = Assert.Single(post.Evidence!.Metrics);
        Assert.Equal(("error-rate", "good <= 0.01, bad > 0.05"), (metric.Name, metric.LimitText));
        Assert.Contains(latest, metric.Latest, StringComparison.Ordinal);
        Assert.NotEmpty(metric.Trend);
        Assert.Equal(0.003, metric.Stable[^1].Value);
    }

    [Theory]
    [InlineData(QuestionKind.Pause)]
    [InlineData(QuestionKind.Inconclusive)]
    [InlineData(QuestionKind.NoData)]
    [InlineData(QuestionKind.Error)]
    [InlineData(QuestionKind.Drift)]
    [InlineData(QuestionKind.Share)]
    public void Expire_EachKindOfGate_DoesWhatThePostHasSaidWhenItHasSaid(QuestionKind kind)
    {
        MachineDriver back = Waiting(kind, OnExpiry(UnclearAction.Abort));
        DateTimeOffset due = back.Rollout.Question!.ExpiresAt!.Value;
        back.Run(due - back.Now - TimeSpan.FromSeconds(1));
        Assert.NotNull(back.Rollout.Question);
        back.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(RolloutOutcome.Aborted, back.Rollout.Outcome);
        Assert.Equal((QuestionEnding.Expired, 2), (back.Posts.Last(p => p.Key == "q1").End!.Ending, back.Posts.Last(p => p.Key == "q1").Version));

        MachineDriver on = Waiting(kind, OnExpiry(UnclearAction.Continue));
        Assert.Contains("without an answer the policy goes on at ", on.Posts[0].Otherwise, StringComparison.Ordinal);
        on.Run(on.Rollout.Question!.ExpiresAt!.Value - on.Now + TimeSpan.FromMinutes(2));
        Assert.NotEqual("q1", on.Rollout.Question?.Id);
        Assert.Equal("continued by the policy: nobody answered within 2h", on.Posts.Last(p => p.Key == "q1").End!.Message);
        Assert.NotEqual(RolloutOutcome.Aborted, on.Rollout.Outcome);
    }

    [Fact]
    public void Supersede_ByANewerRelease_BringsThePostUpToDate()
    {
        MachineDriver world = Waiting(QuestionKind.Pause, OnExpiry(UnclearAction.Abort));
        world.Decide(Command.Supersede, by: "shop.checkout.newer");

        NoticePost post = world.Posts.Last(p => p.Key == "q1");
        Assert.Equal(("team/q1", 2, QuestionEnding.Superseded), (post.MessageId, post.Version, post.End!.Ending));
        Assert.Contains("superseded by shop.checkout.newer", post.End.Message, StringComparison.Ordinal);
        Assert.Equal(RolloutOutcome.Superseded, world.Rollout.Outcome);
    }

    [Fact]
    public void Supersede_ByAnotherQuestion_BringsThePostUpToDateAndPostsTheOther()
    {
        TrafficSplit? there = null;
        MachineDriver world = World(Releases.With(
            RolloutPolicy.Default with { Notify = Team, Drift = DriftAction.Ask }, null, new SetWeightStep(5), new PauseStep(null)));
        world.Answer = e => e is InspectTraffic look && there is { } found ? new TrafficInspected(found, look.Revision) : null;
        world.Settle();
        there = new TrafficSplit(60, []);
        world.Run(TimeSpan.FromMinutes(6));

        Assert.Equal(["q1/1", "q1/2", "q2/1"], world.Posts.Select(p => $"{p.Key}/{p.Version}").Order());
        Assert.Equal(QuestionEnding.Superseded, world.Posts.Single(p => p is { Key: "q1", Version: 2 }).End!.Ending);
        Assert.Contains("beside that, step 2 waits for a person", world.Posts.Single(p => p.Key == "q2").Question!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RollBack_ByAnAnalysisWhileItIsAsked_BringsThePostUpToDate()
    {
        string canary = "[0.03]";
        MachineDriver world = World(Release(OnExpiry(UnclearAction.Abort)), _ => canary);
        world.Settle();
        Assert.Equal(QuestionKind.Inconclusive, world.Rollout.Question?.Kind);
        canary = "[0.2]";
        world.Run(TimeSpan.FromMinutes(2));

        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
        Assert.Equal(["q1/1", "q1/2", "outcome.1/1"], world.Posts.Select(p => $"{p.Key}/{p.Version}"));
        Assert.Contains("closed, because the rollout is rolled back", world.Posts[1].End!.Message, StringComparison.Ordinal);
    }

    private static RolloutPolicy OnExpiry(UnclearAction action) =>
        RolloutPolicy.Default with { Notify = Team, Question = new QuestionPolicy { OpenFor = TimeSpan.FromHours(2), OnExpiry = action } };

    /// <summary>A rollout that has measured both versions and waits at a gate of that kind.</summary>
    private static MachineDriver Waiting(QuestionKind kind, RolloutPolicy policy)
    {
        Func<TakeMeasurement, string?> canary = kind switch
        {
            QuestionKind.Inconclusive => _ => "[0.03]",
            QuestionKind.NoData => _ => "[]",
            QuestionKind.Error => _ => null,
            _ => _ => "[0.004]",
        };
        TrafficSplit? there = null;
        Release release = Release(kind switch
        {
            QuestionKind.Drift => policy with { Drift = DriftAction.Ask },
            QuestionKind.Share => policy with { WeightVerification = new WeightVerificationPolicy() },
            _ => policy,
        });
        MachineDriver world = World(
            kind is QuestionKind.Drift or QuestionKind.Share
                ? release with { Steps = [.. release.Steps.Take(2), new SetWeightStep(10), new PauseStep(TimeSpan.FromHours(100))] }
                : release,
            canary);
        world.Answer = e => e switch
        {
            InspectTraffic look when there is { } found => new TrafficInspected(found, look.Revision),
            MeasureShare share when kind == QuestionKind.Share && world.Rollout.StepIndex > 1 => new ShareMeasured(0, 1_000, share.Revision),
            _ => null,
        };
        if (kind == QuestionKind.Drift)
        {
            world.Run(TimeSpan.FromMinutes(1));
            there = new TrafficSplit(60, []);
        }

        for (int minutes = 0; minutes < 60 && world.Rollout.Question is null; minutes++)
        {
            world.Run(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(kind, world.Rollout.Question?.Kind);
        return world;
    }

    private static MachineDriver World(Release release, Func<TakeMeasurement, string?>? canary = null) => new(release)
    {
        Measure = take => take.Metric.Name == "error-rate-stable" ? "[0.003]" : canary?.Invoke(take) ?? (canary is null ? "[0.004]" : null),
    };

    private static Release Release(RolloutPolicy policy)
    {
        Release release = Releases.With(policy, null, new SetWeightStep(5), Releases.ErrorRate, new PauseStep(null));
        return release with
        {
            Templates = new Dictionary<string, AnalysisTemplate>
            {
                ["error-rate"] = new()
                {
                    Name = "error-rate",
                    Metrics = [Releases.Single, Releases.Single with { Name = "error-rate-stable", SuccessCondition = null, FailureCondition = null }],
                },
            },
        };
    }
}
