using System.IO.Compression;
using System.Text.Json;
using Rollouts.Analysis;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Tests.Machine;

/// <summary>The analysis beside the steps (Argo: <c>rollout/analysis.go</c>, <c>reconcileBackgroundAnalysisRun</c>).</summary>
public sealed class BackgroundAnalysisTests
{
    private static readonly PauseStep TenMinutes = new(TimeSpan.FromMinutes(10));

    [Fact]
    public void Background_CanaryWithoutWeight_DoesNotBegin()
    {
        var world = new MachineDriver(Backgrounds.With(Releases.InternalRoute, TenMinutes, new SetWeightStep(5), TenMinutes));

        world.Run(TimeSpan.FromMinutes(9));
        Assert.Null(world.Rollout.Background);

        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(MeasurementPhase.Running, world.Rollout.Background!.Phase);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 10)]
    [InlineData(4, 20)]
    public void Background_ByArgosPolicy_BeginsWithItsStartingStep(int startingStep, int minutes)
    {
        var world = new MachineDriver(Backgrounds.Beside(
            Releases.With(RolloutPolicy.Argo, null, Releases.InternalRoute, TenMinutes, new SetWeightStep(5), TenMinutes, TenMinutes), startingStep));

        world.Run(TimeSpan.FromMinutes(60));

        JournalEntry begun = world.Journal.First(e => e.Message.StartsWith("Background analysis run-1 begins", StringComparison.Ordinal));
        Assert.Equal(TimeSpan.FromMinutes(minutes), begun.At - world.Rollout.StartedAt);
    }

    [Fact]
    public void Background_WithoutEnd_MeasuresBesideTheStepsAndSucceedsWithTheRollout()
    {
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), TenMinutes, Releases.ErrorRate, new SetWeightStep(50), TenMinutes));

        world.Run(TimeSpan.FromMinutes(60));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.Equal(MeasurementPhase.Successful, world.Rollout.Background!.Phase);
        Assert.Equal("Run Terminated", world.Rollout.Background.Message);
        MetricResult latency = Assert.Single(world.Rollout.Background.Metrics);
        Assert.InRange(latency.Successful, 40, 41);
        Assert.Equal(1, world.Journal.Count(e => e.Message.StartsWith("Background analysis", StringComparison.Ordinal) && e.Type == EventType.AnalysisRunSuccessful));
    }

    [Theory]
    [InlineData("pause step")]
    [InlineData("pause by hand")]
    [InlineData("question of a pause")]
    [InlineData("question of an analysis")]
    public void Background_FailsWhileTheRolloutWaits_RollsBack(string waiting)
    {
        bool isAnalysis = waiting == "question of an analysis";
        bool isBad = false;
        var world = new MachineDriver(Backgrounds.With(
            new SetWeightStep(5), isAnalysis ? Releases.ErrorRate : waiting == "question of a pause" ? new PauseStep(null) : TenMinutes))
        {
            Measure = take => take.Metric.Name == "latency" ? isBad ? "[2]" : "[0.1]" : "[0.03]",
        };
        world.Run(TimeSpan.FromMinutes(2));
        if (waiting == "pause by hand")
        {
            world.Decide(Command.Pause);
        }

        Assert.Equal(waiting.StartsWith("question", StringComparison.Ordinal), world.Rollout.Question is not null);
        isBad = true;
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);
        Assert.Equal("Background analysis phase error/failed: Metric \"latency\" assessed Failed due to failed (1) > failureLimit (0)", world.Rollout.Message);
        Assert.Equal(TrafficSplit.None, world.Written[^1]);
    }

    [Fact]
    public void Background_CannotBeMeasuredByArgosPolicy_RollsBackWithItsMessage()
    {
        var world = new MachineDriver(Backgrounds.With(RolloutPolicy.Argo, new SetWeightStep(5), TenMinutes))
        {
            Measure = _ => null,
        };

        world.Run(TimeSpan.FromMinutes(5));

        Assert.Equal(
            "Background analysis phase error/failed: Metric \"latency\" assessed Error due to consecutiveErrors (5) > consecutiveErrorLimit (4): "
            + "\"Error Message: connection refused\"",
            world.Rollout.Message);
    }

    [Fact]
    public void Background_Inconclusive_HoldsAndAsksAndBeginsAfreshOnceOverruled()
    {
        string value = "[0.5]";
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), TenMinutes, new SetWeightStep(50), TenMinutes))
        {
            Measure = _ => value,
        };

        world.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(5, world.Rollout.Applied!.CanaryWeight);
        Assert.Equal(2, world.Rollout.StepIndex);
        Question asked = world.Rollout.Question!;
        Assert.Equal((AnalysisSubject.Background, QuestionKind.Inconclusive, false), (asked.Subject, asked.Kind, asked.AnswersStep));
        Assert.Equal(RolloutPhase.Paused, RolloutStatusView.PhaseOf(world.Rollout));
        string before = world.Rollout.Background!.Id;

        value = "[0.1]";
        world.Decide(Command.Promote, asked.Id);
        Assert.NotEqual(before, world.Rollout.Background.Id);
        Assert.Null(world.Rollout.Question);
        Assert.Equal(50, world.Rollout.Applied.CanaryWeight);

        world.Run(TimeSpan.FromMinutes(30));
        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void Background_InconclusiveAgainAfterItWasOverruled_AsksAgain()
    {
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), TenMinutes)) { Measure = _ => "[0.5]" };
        world.Run(TimeSpan.FromMinutes(1));

        world.Decide(Command.Promote);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal("q2", world.Rollout.Question!.Id);
    }

    [Fact]
    public void Background_InconclusiveWhileAPauseAsks_TakesItsPlaceAndOneAnswerIsForBoth()
    {
        string value = "[0.1]";
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), new PauseStep(null), new SetWeightStep(20), TenMinutes)) { Measure = _ => value };
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(("q1", QuestionKind.Pause), (world.Rollout.Question!.Id, world.Rollout.Question.Kind));

        value = "[0.5]";
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(("q2", QuestionKind.Inconclusive), (world.Rollout.Question!.Id, world.Rollout.Question.Kind));
        Assert.Contains("step 2 waits for a person", world.Rollout.Question.Message);

        value = "[0.1]";
        world.Decide(Command.Promote, "q1");
        Assert.Equal("q2", world.Rollout.Question!.Id);
        world.Decide(Command.Promote, "q2");
        Assert.Null(world.Rollout.Question);
        Assert.Equal(20, world.Rollout.Applied!.CanaryWeight);
    }

    [Fact]
    public void Background_DataIsBack_WithdrawsItsQuestionAndThePauseAsksAgain()
    {
        string value = "[]";
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), new PauseStep(null), new SetWeightStep(20))) { Measure = _ => value };
        world.Run(TimeSpan.FromMinutes(15));
        Assert.Equal(("q2", QuestionKind.NoData), (world.Rollout.Question!.Id, world.Rollout.Question.Kind));

        value = "[0.1]";
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(("q3", QuestionKind.Pause), (world.Rollout.Question!.Id, world.Rollout.Question.Kind));
        Assert.Contains(EventType.QuestionWithdrawn, world.Events);
    }

    [Fact]
    public void Background_WithoutData_HoldsTheWeightWhileItWaits()
    {
        string value = "[]";
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), new PauseStep(TimeSpan.FromMinutes(2)), new SetWeightStep(20), TenMinutes))
        {
            Measure = _ => value,
        };
        world.Run(TimeSpan.FromMinutes(8));
        Assert.Null(world.Rollout.Question);
        Assert.Equal(5, world.Rollout.Applied!.CanaryWeight);

        value = "[0.1]";
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(20, world.Rollout.Applied.CanaryWeight);
    }

    [Fact]
    public void Background_PolicyContinues_RepeatsTheRunEveryTenSecondsAndGoesOn()
    {
        RolloutPolicy policy = new() { Inconclusive = new() { Action = UnclearAction.Continue } };
        var world = new MachineDriver(Backgrounds.With(policy, new SetWeightStep(5), TenMinutes, new SetWeightStep(50))) { Measure = _ => "[0.5]" };

        world.Run(TimeSpan.FromMinutes(30));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.InRange(world.Journal.Count(e => e.Type == EventType.ContinuedByPolicy), 55, 62);
    }

    [Fact]
    public void Background_PolicyWaits_HoldsAndGoesOnWithAVerdict()
    {
        string value = "[0.5]";
        RolloutPolicy policy = new() { Inconclusive = new() { Action = UnclearAction.Wait, For = TimeSpan.FromMinutes(5) } };
        var world = new MachineDriver(Backgrounds.With(policy, new SetWeightStep(5), new PauseStep(TimeSpan.FromMinutes(1)), new SetWeightStep(50), TenMinutes))
        {
            Measure = _ => value,
        };
        world.Run(TimeSpan.FromMinutes(4));
        Assert.Equal(5, world.Rollout.Applied!.CanaryWeight);
        Assert.Null(world.Rollout.Question);

        value = "[0.1]";
        world.Run(TimeSpan.FromSeconds(11));
        Assert.Equal(50, world.Rollout.Applied.CanaryWeight);
    }

    [Fact]
    public void Background_QuestionNobodyAnswers_EndsByPolicy()
    {
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), TenMinutes)) { Measure = _ => "[0.5]" };

        world.Run(TimeSpan.FromHours(25));

        Assert.Equal(RolloutOutcome.Aborted, world.Rollout.Outcome);
        Assert.StartsWith("nobody answered q1", world.Rollout.Message);
    }

    [Fact]
    public void Retry_BackgroundRolledBack_BeginsAFreshRun()
    {
        string value = "[2]";
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), TenMinutes)) { Measure = _ => value };
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutOutcome.RolledBack, world.Rollout.Outcome);

        value = "[0.1]";
        world.Decide(Command.Retry);
        world.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
    }

    [Fact]
    public void PromoteFull_EndsTheBackgroundAnalysis()
    {
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), TenMinutes)) { Measure = _ => "[0.5]" };
        world.Run(TimeSpan.FromMinutes(1));

        world.Decide(Command.PromoteFull);
        world.Run(TimeSpan.FromMinutes(1));

        Assert.Equal(RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.True(world.Rollout.Background!.IsCompleted);
    }

    [Fact]
    public void Retention_OfAnEndlessRun_IsTen()
    {
        var world = new MachineDriver(Backgrounds.With(new SetWeightStep(5), new PauseStep(TimeSpan.FromHours(2))));

        world.Run(TimeSpan.FromHours(1));

        Assert.Equal(10, world.Rollout.Background!.Metrics[0].Measurements.Count);
        Assert.InRange(world.Rollout.Background.Metrics[0].Taken, 119, 121);
    }

    [Theory]
    [InlineData(1, 50)]
    [InlineData(5, 10)]
    public void Retention_OfFifty_IsKeptAsFarAsTheStateStaysBelowTwentyKilobytes(int metrics, int atLeast)
    {
        Release release = Backgrounds.With(new SetWeightStep(5), new PauseStep(TimeSpan.FromHours(2)));
        release = release with
        {
            Templates = new Dictionary<string, AnalysisTemplate>(release.Templates)
            {
                ["latency"] = new()
                {
                    Name = "latency",
                    Metrics = [.. Enumerable.Range(0, metrics).Select(i => Backgrounds.Endless with { Name = $"latency-{i}" })],
                    MeasurementRetention = [new MeasurementRetention(".", 50)],
                },
            },
        };
        Random random = new(1);
        var world = new MachineDriver(release) { Measure = _ => $"[{random.NextDouble() * 0.3:R}]" };

        world.Run(TimeSpan.FromHours(1));

        Assert.All(world.Rollout.Background!.Metrics, m => Assert.InRange(m.Measurements.Count, atLeast, 50));
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            JsonSerializer.Serialize(brotli, world.Turn, RolloutJson.Default.Turn);
        }

        Assert.InRange(compressed.Length, 1000, 20 * 1024);
    }
}
