using System.Collections.Concurrent;
using RolloutFunctions.Orchestration;
using Rollouts.Analysis;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace RolloutFunctions.Tests.Storm;

/// <summary>Five hundred decisions, each at a moment that was chosen for it, and each told twice at once.</summary>
public sealed class DecisionStormTests(AzuriteServer azurite)
{
    private const int Rollouts = 5;
    private const int Each = 100;

    /// <summary>How many of each rollout's come as it ends.</summary>
    private const int AtTheEnd = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly Moment[] UnderWay = [Moment.BeforeTheWait, Moment.AsATimerFires, Moment.WhileTheJournalIsRead, Moment.DuringContinueAsNew];

    private readonly Moments moments = new();
    private readonly ConcurrentBag<(string Id, string Decision, DecisionOutcome Outcome)> answers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DecideAsync_FiveHundredAtTheWorstMoments_NoneLostNoneTwiceEachAnswered()
    {
        await using DurableBench bench = await DurableBench.StartAsync(
            azurite,
            (context, generation) => RolloutOrchestrator.RunAsync(new MomentContext(context, moments), generation),
            watching: journal => new MomentJournal(journal, moments));
        string[] ids = await Task.WhenAll(Enumerable.Range(0, Rollouts).Select(i => bench.StartAsync(Measuring($"storm-{i}"))));
        foreach (string id in ids)
        {
            Hold(bench, id);
        }

        await UntilThrownAsync(AtTheEnd * Rollouts);
        await Task.WhenAll(ids.Select(id => bench.DecideAsync(id, Command.Abort, $"{id}/abort")));
        await UntilThrownAsync(0);

        Assert.Equal(Rollouts * AtTheEnd, moments.Thrown[Moment.AsTheRolloutEnds]);
        Assert.All(UnderWay, m => Assert.Equal(Rollouts * (Each - AtTheEnd) / UnderWay.Length, moments.Thrown[m]));
        foreach (string id in ids)
        {
            await DurableBench.UntilAsync(async () => !(await bench.Parts.Registry.FindAsync(id, Cancellation))!.IsOpen);
            AssertEachOnce(id, await bench.JournalAsync(id));
        }

        // How soon most are acted upon is measured on a real host (Rollouts.Benchmarks, storm): this runtime looks for work every half second only.
        Assert.InRange((await Task.WhenAll(ids.Select(bench.JournalAsync))).SelectMany(DelaysOf).Max().TotalSeconds, 0, 60);
    }

    /// <summary>Gives each of a rollout's decisions its moment.</summary>
    private void Hold(DurableBench bench, string id)
    {
        for (int i = 0; i < Each; i++)
        {
            string decision = $"{id}/{i}";
            Moment moment = i >= Each - AtTheEnd ? Moment.AsTheRolloutEnds : UnderWay[i % UnderWay.Length];
            Command command = i / UnderWay.Length % 2 == 0 ? Command.Pause : Command.Resume;
            moments.Hold(id, moment, () => Task.WhenAll(TellAsync(bench, id, command, decision), TellAsync(bench, id, command, decision)));
        }
    }

    private async Task TellAsync(DurableBench bench, string id, Command command, string decision) =>
        answers.Add((id, decision, (await bench.DecideAsync(id, command, decision)).Outcome));

    private async Task UntilThrownAsync(int left)
    {
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + Patience;
        while (moments.Waiting > left)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, $"{moments.Waiting} still wait for their moments; thrown were {string.Join(", ", moments.Thrown)}");
            await Task.Delay(200, Cancellation);
        }

        await moments.AnsweredAsync();
    }

    /// <summary>Every decision that was taken stands once, and one entry says what became of it; who tells it again hears that it is there, or that all is over.</summary>
    private void AssertEachOnce(string id, IReadOnlyList<JournalRecord> journal)
    {
        var told = answers.Where(a => a.Id == id).GroupBy(a => a.Decision, a => a.Outcome).ToDictionary(g => g.Key, g => g.Order().ToArray());
        Assert.Equal(Each, told.Count);
        Assert.All(told.Values, outcomes => Assert.Contains(
            (outcomes[0], outcomes[1]),
            new[] { (DecisionOutcome.Accepted, DecisionOutcome.AlreadyAccepted), (DecisionOutcome.AlreadyFinished, DecisionOutcome.AlreadyFinished) }));
        string[] taken = [.. told.Where(t => t.Value[0] == DecisionOutcome.Accepted).Select(t => t.Key).Append($"{id}/abort").Order(StringComparer.Ordinal)];
        Assert.Superset(Enumerable.Range(0, Each - AtTheEnd).Select(i => $"{id}/{i}").ToHashSet(), taken.ToHashSet());
        Assert.Equal(taken, journal.Where(r => r.Decision is not null).Select(r => r.Decision!.Id).Order(StringComparer.Ordinal));
        Assert.Equal(taken, journal.Select(r => r.Entry?.DecisionId).OfType<string>().Distinct().Order(StringComparer.Ordinal));
        Assert.All(
            journal.Where(r => r.Entry is { DecisionId: not null }).GroupBy(r => r.Entry!.DecisionId),
            g => Assert.Equal(g.Select(r => r.Entry!.Type).Distinct().Count(), g.Count()));
    }

    /// <summary>Measures every few seconds for ever, so that timers fire all the time.</summary>
    private static Release Measuring(string name)
    {
        Release release = Releases.Measuring(name);
        AnalysisTemplate template = release.Templates["error-rate"];
        return release with
        {
            Templates = new Dictionary<string, AnalysisTemplate>
            {
                ["error-rate"] = template with { Metrics = [template.Metrics[0] with { Interval = "10s", Count = "10000" }] },
            },
        };
    }

    /// <summary>From each decision to the turn that acted upon it.</summary>
    private static IEnumerable<TimeSpan> DelaysOf(IReadOnlyList<JournalRecord> journal)
    {
        Dictionary<string, DateTimeOffset> decided = journal.Where(r => r.Decision is not null).ToDictionary(r => r.Decision!.Id, r => r.Decision!.At);
        return journal.Where(r => r.Entry?.DecisionId is not null).DistinctBy(r => r.Entry!.DecisionId).Select(r => r.Entry!.At - decided[r.Entry!.DecisionId!]);
    }
}
