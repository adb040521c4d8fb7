using System.Text.Json;
using Rollouts.Analysis;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Tests.Machine;

/// <summary>
/// Turns as earlier builds stored them. This build reads every one and takes the rollout to its end. A file here is never changed: a new shape is a new file.
/// </summary>
public sealed class StoredShapeTests
{
    public static TheoryData<string> Stored { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileName(f)!).Order()];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Machine", "Golden");

    [Fact]
    public void Stored_EveryKindOfMoment_IsAmongThem() => Assert.Equal(
        [
            "schema1-analysis-running.json", "schema1-analysis-secrets.json", "schema1-background-running.json", "schema1-baking.json",
            "schema1-experiment-running.json", "schema1-paused.json", "schema1-question-told.json", "schema1-question.json", "schema1-requests-counted.json",
            "schema1-rolling-back.json", "schema1-schedule-closed.json", "schema1-stable-updating.json", "schema1-traffic-drift.json",
            "schema1-traffic-failing.json", "schema1-undo.json",
        ],
        Stored.Select(row => row.Data));

    [Theory]
    [MemberData(nameof(Stored))]
    public void Advance_StoredByAnEarlierBuild_GoesOn(string file)
    {
        Turn turn = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(Folder, file)), RolloutJson.Default.Turn)!;
        Assert.InRange(turn.Rollout.Schema, 1, Rollout.CurrentSchema);
        Assert.Equal("shop.checkout.0123456789", turn.Rollout.Id);
        Assert.Equal(7, turn.Rollout.Release.Steps.Count);
        Assert.NotEmpty(turn.Effects);

        bool rollingBack = turn.Rollout.Stage == RolloutStage.RollingBack;
        var world = new MachineDriver(turn, turn.Rollout.StartedAt.AddMinutes(10));
        world.Run(TimeSpan.FromMinutes(30));
        if (world.Rollout.Question is not null)
        {
            world.Decide(Command.Promote);
            world.Run(TimeSpan.FromMinutes(30));
        }

        Assert.Equal(rollingBack ? RolloutOutcome.RolledBack : RolloutOutcome.Promoted, world.Rollout.Outcome);
        Assert.True(world.Rollout.IsFinished);
    }
}
