using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Protobuf;
using RolloutFunctions.Orchestration;
using Rollouts.Analysis;
using Rollouts.Embedded.Tests;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace RolloutFunctions.Tests.Orchestration;

/// <summary>
/// Generations recorded by an older build are replayed by this one, whose machine decides otherwise. The files under <c>Recorded</c> stay as they are;
/// with <c>ROLLOUTS_RECORD=1</c> missing ones are recorded by the build at hand.
/// </summary>
public sealed class RecordedGenerationTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Orchestration", "Recorded");

    public static TheoryData<string> Recordings => [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void RunAsync_RecordedByAnOlderBuild_ContinuesAsNewAsThisBuildDecides(string name)
    {
        RecordedGeneration recorded = RecordedGeneration.Read(PathOf(name));

        CompleteOrchestrationAction end = End(recorded.Run((context, generation) => RolloutOrchestrator.RunAsync(context, generation, Otherwise)));

        Assert.Equal(OrchestrationStatus.ContinuedAsNew, end.OrchestrationStatus);
        Turn next = StoredTurn.Read(JsonDataConverter.Default.Deserialize<Generation>(end.Result)!.Turn);
        Assert.Equal("decided otherwise", next.Rollout.Message);
        Assert.Single(next.Effects.OfType<CloseJournal>());
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public void RunAsync_RecordedByAnOlderBuild_GoesOnWithThisBuildsMachine(string name)
    {
        CompleteOrchestrationAction end = End(RecordedGeneration.Read(PathOf(name)).Run((context, generation) => RolloutOrchestrator.RunAsync(context, generation)));

        Assert.Equal(OrchestrationStatus.ContinuedAsNew, end.OrchestrationStatus);
    }

    /// <summary>What the tests above would see of an orchestrator that does something else than its history says.</summary>
    [Theory]
    [MemberData(nameof(Recordings))]
    public void RunAsync_OrchestratorThatCallsAnotherActivityFirst_FailsToReplay(string name)
    {
        CompleteOrchestrationAction end = End(RecordedGeneration.Read(PathOf(name)).Run(async (context, generation) =>
        {
            await context.CallActivityAsync<string>("Inserted");
            return await RolloutOrchestrator.RunAsync(context, generation);
        }));

        Assert.Equal(OrchestrationStatus.Failed, end.OrchestrationStatus);
        Assert.Contains("NonDeterministic", end.FailureDetails.ErrorType, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pause-timer", false)]
    [InlineData("pause-event", true)]
    [InlineData("measurement", false)]
    public void Record_SameGeneration_IsThereAndReplays(string name, bool woken)
    {
        RecordedGeneration now = RecordedGeneration.Record(name == "measurement" ? Measuring() : Pausing(), Noon, Answer, woken);
        if (Environment.GetEnvironmentVariable("ROLLOUTS_RECORD") == "1" && !File.Exists(PathOf(name)))
        {
            now.Write(PathOf(name));
        }

        Assert.True(File.Exists(PathOf(name)), $"{PathOf(name)} is missing: record it with ROLLOUTS_RECORD=1 and put it under Orchestration/Recorded");
        Assert.Equal(OrchestrationStatus.ContinuedAsNew, End(now.Run((context, generation) => RolloutOrchestrator.RunAsync(context, generation))).OrchestrationStatus);
    }

    private static string PathOf(string name) => Path.Combine(Folder, name + ".json");

    private static CompleteOrchestrationAction End(OrchestratorResponse response) =>
        Assert.Single(response.Actions, a => a.CompleteOrchestration is not null).CompleteOrchestration;

    private static Turn Otherwise(Rollout rollout, IReadOnlyList<Observation> seen, DateTimeOffset now) =>
        new(rollout with { Message = "decided otherwise" }, [new CloseJournal(7) { Order = 9 }], now.AddHours(3));

    private static Generation Pausing() => Until(
        Releases.Of("recorded", new SetWeightStep(5), new PauseStep(TimeSpan.FromMinutes(5)), new SetWeightStep(100)),
        t => t.Rollout is { StepIndex: 1, StepStartedAt: not null } && t.Effects.Count == 1);

    private static Generation Measuring() => Until(Releases.Measuring("recorded"), t => t.Effects.Any(e => e is TakeMeasurement));

    private static Generation Until(Release release, Predicate<Turn> reached)
    {
        Turn turn = RolloutMachine.Start(release, "shop.recorded.0123456789", "jo", Noon);
        while (!reached(turn))
        {
            turn = RolloutMachine.Advance(turn.Rollout, [.. turn.Effects.Select(Answer)], Noon);
        }

        return new Generation(StoredTurn.Write(turn), 7);
    }

    private static Observation Answer(Effect effect) => effect switch
    {
        InspectWorkload => new WorkloadInspected("stable", "canary"),
        ClaimTarget => new TargetClaimed(Rollouts.Traffic.TrafficSplit.None),
        RouteTraffic route => new TrafficRouted(route.Split, route.Revision),
        InspectTraffic look => new TrafficInspected(look.Written, look.Revision),
        TakeMeasurement take => new MeasurementTaken(
            take.Run,
            take.Metric.Name,
            take.Number,
            new Measurement { StartedAt = Noon, FinishedAt = Noon.AddMilliseconds(20), Phase = MeasurementPhase.Failed, Value = "[0.02]" }),
        ReleaseTarget => new TargetReleased(),
        AppendJournal append => new JournalAppended(append.Entries[^1].Number),
        _ => new JournalClosed(true),
    };
}
