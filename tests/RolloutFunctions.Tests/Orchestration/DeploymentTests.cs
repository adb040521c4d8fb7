using RolloutFunctions.Orchestration;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace RolloutFunctions.Tests.Orchestration;

/// <summary>New code meets the history of a generation that older code began.</summary>
public sealed class DeploymentTests(AzuriteServer azurite)
{
    private static readonly Release Release = Releases.Of("deployed", new SetWeightStep(5), new PauseStep(TimeSpan.FromSeconds(6)), new SetWeightStep(100));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_MachineThatDecidesOtherwiseDeployedInAWait_ReplaysTheOlderGeneration(bool wokenByADecision)
    {
        bool deployed = false;
        int replayedByNewCode = 0;
        await using DurableBench bench = await DurableBench.StartAsync(azurite, (context, generation) =>
        {
            if (deployed && context.IsReplaying)
            {
                Interlocked.Increment(ref replayedByNewCode);
            }

            return RolloutOrchestrator.RunAsync(context, generation, deployed ? RolloutMachine.Advance : OlderAdvance);
        });
        string id = await bench.StartAsync(Release);
        await bench.WaitAsync(id, s => s is { WaitingFor: WaitingFor.Pause, Weight: 5 });
        await Task.Delay(1000, TestContext.Current.CancellationToken);

        deployed = true;
        if (wokenByADecision)
        {
            Assert.Equal(DecisionOutcome.Accepted, (await bench.DecideAsync(id, Command.Promote)).Outcome);
        }

        RolloutStatus status = await bench.WaitAsync(id, s => s.Outcome is not null);
        Assert.Equal(RolloutOutcome.Promoted, status.Outcome);
        Assert.True(replayedByNewCode > 0, "no generation of the older code was replayed by the newer");
        Assert.Contains(await bench.JournalAsync(id), r => r.Entry is { By: "older build" });
        Assert.DoesNotContain("older build", (await bench.JournalAsync(id))[^1].Entry!.Message, StringComparison.Ordinal);
    }

    /// <summary>A build that measures on every turn and looks again each half second, so that its generations have another shape.</summary>
    private static Turn OlderAdvance(Rollout rollout, IReadOnlyList<Observation> seen, DateTimeOffset now)
    {
        Turn turn = RolloutMachine.Advance(rollout, seen, now);
        bool pausing = turn.Rollout is { StepIndex: 1, StepStartedAt: not null };
        if (!pausing)
        {
            return turn;
        }

        JournalEntry mark = new() { Number = 1000, At = now, Type = EventType.Measured, Message = "older build", By = "older build" };
        return turn with
        {
            Effects = [.. turn.Effects, new InspectWorkload(turn.Rollout.Release.Target), new AppendJournal([mark]) { Order = 3 }],
            WakeAt = now + TimeSpan.FromSeconds(4),
        };
    }
}
