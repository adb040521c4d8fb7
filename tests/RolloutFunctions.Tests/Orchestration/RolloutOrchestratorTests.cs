using Microsoft.DurableTask;
using Moq;
using RolloutFunctions.Orchestration;
using Rollouts.Embedded.Tests;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace RolloutFunctions.Tests.Orchestration;

public sealed class RolloutOrchestratorTests
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly Release Release = Releases.Of("cart", new SetWeightStep(5), new PauseStep(TimeSpan.FromHours(1)), new SetWeightStep(100));

    private readonly Mock<TaskOrchestrationContext> context = new();
    private readonly List<(DateTime FireAt, CancellationToken Token)> timers = [];
    private readonly Queue<Task<string>> waits = new();
    private readonly TaskCompletionSource timer = new();
    private Generation? continuedAs;
    private bool? preserved;
    private DecisionPage unread = new([], false);

    public RolloutOrchestratorTests()
    {
        context.SetupGet(c => c.CurrentUtcDateTime).Returns(Noon);
        context.Setup(c => c.CreateTimer(It.IsAny<DateTime>(), It.IsAny<CancellationToken>()))
            .Returns((DateTime at, CancellationToken token) =>
            {
                timers.Add((at, token));
                return timer.Task;
            });
        context.Setup(c => c.WaitForExternalEvent<string>(RolloutOrchestrator.WakeEvent, default(CancellationToken)))
            .Returns(() => waits.TryDequeue(out Task<string>? wait) ? wait : new TaskCompletionSource<string>().Task);
        context.Setup(c => c.CallActivityAsync<DecisionPage>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .ReturnsAsync(() => unread);
        context.Setup(c => c.CallActivityAsync<EffectOutcome>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName _, object? work, TaskOptions? _) => Task.FromResult(new EffectOutcome(Answer(((EffectWork)work!).Effect))));
        context.Setup(c => c.ContinueAsNew(It.IsAny<object?>(), It.IsAny<bool>()))
            .Callback((object? next, bool preserve) => (continuedAs, preserved) = ((Generation)next!, preserve));
    }

    [Fact]
    public async Task RunAsync_Effects_ArePerformedByTheActivitiesOfTheirKinds()
    {
        await RunAsync(Start());

        context.Verify(c => c.CallActivityAsync<EffectOutcome>("InspectWorkload", It.IsAny<object?>(), It.IsAny<TaskOptions?>()), Times.Once);
        context.Verify(c => c.CallActivityAsync<EffectOutcome>("AppendJournal", It.IsAny<object?>(), It.IsAny<TaskOptions?>()), Times.Once);
        context.Verify(c => c.CallActivityAsync<EffectOutcome>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()), Times.Exactly(2));
        Assert.Empty(timers);
        Assert.True(Continued().Rollout.WorkloadInspected);
        Assert.Equal(2, continuedAs!.Number);
    }

    [Fact]
    public async Task RunAsync_ContinuesAsNew_WithoutTheEventsLeftOver()
    {
        await RunAsync(Start());

        Assert.False(preserved);
    }

    [Fact]
    public async Task RunAsync_LongPause_WaitsAMinuteAtMost()
    {
        timer.SetResult();

        await RunAsync(Pausing());

        Assert.Equal(Noon.AddMinutes(1), Assert.Single(timers).FireAt);
    }

    [Fact]
    public async Task RunAsync_NothingDue_WaitsAMinute()
    {
        timer.SetResult();
        Generation generation = Pausing();

        await RunAsync(generation with { Turn = StoredTurn.Write(StoredTurn.Read(generation.Turn) with { WakeAt = null }) });

        Assert.Equal(Noon.AddMinutes(1), Assert.Single(timers).FireAt);
    }

    /// <summary>Azure Storage cuts off what is over a whole second, so that only a timer of a second more never fires early.</summary>
    [Theory]
    [InlineData(0.1, 1.1)]
    [InlineData(7, 8)]
    [InlineData(58.9, 59.9)]
    [InlineData(59.5, 60)]
    [InlineData(60, 60)]
    [InlineData(90, 60)]
    public async Task RunAsync_DueInSeconds_SetsATimerThatIsNotEarly(double due, double fires)
    {
        timer.SetResult();

        await RunAsync(Pausing(Noon.AddSeconds(due)));

        Assert.Equal(Noon.AddSeconds(fires), Assert.Single(timers).FireAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.5)]
    public async Task RunAsync_AlreadyDue_DoesNotWait(double due)
    {
        await RunAsync(Pausing(Noon.AddSeconds(due)));

        Assert.Empty(timers);
        Assert.NotNull(continuedAs);
    }

    [Fact]
    public async Task RunAsync_EventFirst_CancelsTheTimerAndOpensOneNewWait()
    {
        TaskCompletionSource<string> wake = new();
        waits.Enqueue(wake.Task);
        Task<Generation?> running = RunAsync(Pausing());
        Assert.False(running.IsCompleted);

        wake.SetResult("");
        await running;

        Assert.True(Assert.Single(timers).Token.IsCancellationRequested);
        context.Verify(c => c.WaitForExternalEvent<string>(RolloutOrchestrator.WakeEvent, default(CancellationToken)), Times.Exactly(2));
        Assert.False(continuedAs!.WokenEarly);
    }

    [Fact]
    public async Task RunAsync_EventsBeforeTheWait_AreDrainedWithoutATimer()
    {
        waits.Enqueue(Task.FromResult(""));
        waits.Enqueue(Task.FromResult(""));

        await RunAsync(Pausing());

        Assert.Empty(timers);
        Assert.False(continuedAs!.WokenEarly);
    }

    [Fact]
    public async Task RunAsync_WokenEarly_DoesNotWait()
    {
        await RunAsync(Pausing() with { WokenEarly = true });

        Assert.Empty(timers);
        Assert.False(continuedAs!.WokenEarly);
    }

    [Fact]
    public async Task RunAsync_EventWhileTheJournalIsRead_MakesTheNextGenerationSkipItsWait()
    {
        TaskCompletionSource<string> late = new();
        waits.Enqueue(late.Task);
        timer.SetResult();
        context.Setup(c => c.CallActivityAsync<DecisionPage>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .ReturnsAsync(() =>
            {
                late.SetResult("");
                return unread;
            });

        await RunAsync(Pausing());

        Assert.True(continuedAs!.WokenEarly);
    }

    [Fact]
    public async Task RunAsync_MoreDecisionsThanAPage_GoesOnAtOnce()
    {
        timer.SetResult();
        unread = new DecisionPage([Decision(1, Command.Pause)], true);

        await RunAsync(Pausing());

        Assert.True(continuedAs!.WokenEarly);
        Assert.NotNull(Continued().Rollout.ManualPause);
    }

    [Fact]
    public async Task RunAsync_AbortRead_ListsWeightZeroNext()
    {
        timer.SetResult();
        unread = new DecisionPage([Decision(1, Command.Abort)], false);

        await RunAsync(Pausing());

        Assert.Equal(0, Assert.Single(Continued().Effects.OfType<RouteTraffic>()).Split.CanaryWeight);
    }

    [Fact]
    public async Task RunAsync_ActivityBreaksDown_IsAnObservationOfFailure()
    {
        context.Setup(c => c.CallActivityAsync<EffectOutcome>("InspectWorkload", It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .ThrowsAsync(new TaskFailedException("InspectWorkload", 1, new TaskFailureDetails("System.OutOfMemoryException", "secret", null, null, null)));

        await RunAsync(Start());

        FailingEffect failing = Assert.Single(Continued().Rollout.Failing);
        Assert.Contains("OutOfMemoryException", failing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_JournalCannotBeRead_GoesOnWithoutDecisions()
    {
        timer.SetResult();
        context.Setup(c => c.CallActivityAsync<DecisionPage>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .ThrowsAsync(new TaskFailedException("ReadDecisions", 1, new TaskFailureDetails("E", "m", null, null, null)));

        await RunAsync(Pausing());

        Assert.NotNull(continuedAs);
        Assert.Null(Continued().Rollout.Outcome);
    }

    [Fact]
    public async Task RunAsync_NothingLeftToDo_ReturnsTheLastGeneration()
    {
        Generation? last = await RunAsync(Finished());

        Assert.True(StoredTurn.Read(last!.Turn).Rollout.IsFinished);
        Assert.Null(continuedAs);
        Assert.Empty(timers);
    }

    [Fact]
    public async Task RunAsync_RetryOfAFinishedRollout_GoesOn()
    {
        unread = new DecisionPage([Decision(99, Command.Retry)], false);

        Assert.Null(await RunAsync(Finished() with { WokenEarly = true }));

        Assert.Equal(2, Continued().Rollout.Attempt);
    }

    [Fact]
    public async Task RunAsync_CustomStatus_IsSetFirstAndStaysSmall()
    {
        object? status = null;
        int calledBefore = -1;
        context.Setup(c => c.SetCustomStatus(It.IsAny<object?>())).Callback((object? s) => (status, calledBefore) = (s, context.Invocations.Count(i => i.Method.Name is "CallActivityAsync" or "CreateTimer")));
        Generation generation = Pausing();
        Turn turn = StoredTurn.Read(generation.Turn);
        Rollout wordy = turn.Rollout with { Question = new Question("q1", QuestionKind.Pause, Noon, null, new string('x', 50_000)) };
        timer.SetResult();

        await RunAsync(generation with { Turn = StoredTurn.Write(turn with { Rollout = wordy }) });

        Assert.Equal(0, calledBefore);
        // The runtime takes 16 KB of UTF-16.
        Assert.InRange(2 * System.Text.Json.JsonSerializer.Serialize(status).Length, 100, 8_000);
    }

    private Task<Generation?> RunAsync(Generation generation) => RolloutOrchestrator.RunAsync(context.Object, generation);

    private Turn Continued() => StoredTurn.Read(continuedAs!.Turn);

    private static Generation Start() => Of(RolloutMachine.Start(Release, Release.Id(), "jo", Noon));

    private static Generation Of(Turn turn) => new(StoredTurn.Write(turn));

    /// <summary>At 5 %, everything done and recorded; the next turn is due at a time, by default when the pause ends.</summary>
    private static Generation Pausing(DateTime? due = null)
    {
        Turn turn = Until(t => t.Rollout is { StepIndex: 1, StepStartedAt: not null } && t.Effects.Count == 0);
        return Of(due is { } at ? turn with { WakeAt = at } : turn);
    }

    private static Generation Finished()
    {
        Turn turn = Until(t => t.Rollout is { StepIndex: 1, StepStartedAt: not null });
        turn = RolloutMachine.Advance(turn.Rollout, [new DecisionRead(1, Decision(1, Command.Abort).Decision)], Noon);
        while (!turn.Rollout.IsFinished)
        {
            turn = RolloutMachine.Advance(turn.Rollout, [.. turn.Effects.Select(Answer)], Noon);
        }

        return Of(turn);
    }

    private static Turn Until(Predicate<Turn> reached)
    {
        Turn turn = RolloutMachine.Start(Release, Release.Id(), "jo", Noon);
        while (!reached(turn))
        {
            turn = RolloutMachine.Advance(turn.Rollout, [.. turn.Effects.Select(Answer)], Noon);
        }

        return turn;
    }

    private static Observation Answer(Effect effect) => effect switch
    {
        InspectWorkload => new WorkloadInspected("stable", "canary"),
        ClaimTarget => new TargetClaimed(Rollouts.Traffic.TrafficSplit.None),
        RouteTraffic route => new TrafficRouted(route.Split, route.Revision),
        InspectTraffic look => new TrafficInspected(look.Written, look.Revision),
        ReleaseTarget => new TargetReleased(),
        AppendJournal append => new JournalAppended(append.Entries[^1].Number),
        _ => new JournalClosed(true),
    };

    private static SequencedDecision Decision(long sequence, Command command) =>
        new(sequence, new Decision { Id = $"d{sequence}", Command = command, By = "jo", At = Noon });
}
