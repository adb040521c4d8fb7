using System.Collections.Concurrent;
using System.Diagnostics;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Steps;

namespace RolloutFunctions.Tests.Engine;

/// <summary>Decisions at the worst moments: as timers fire, while the journal is read, during continue-as-new, twice, before the wait, as rollouts end.</summary>
public sealed class DecisionStormTests(AzuriteServer azurite)
{
    private const int Rollouts = 10;
    private const int Each = 50;

    [Fact]
    public async Task DecideAsync_FiveHundred_NoneLostNoneTwiceEachAnswered()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        Release[] releases = [.. Enumerable.Range(0, Rollouts).Select(i => Releases.Of($"storm-{i}", new SetWeightStep(5), new PauseStep(TimeSpan.FromSeconds(20)), new SetWeightStep(100)))];
        string[] ids = await Task.WhenAll(releases.Select(bench.StartAsync));
        ConcurrentBag<(string Id, string Decision, DecisionReceipt Receipt, TimeSpan Took)> answers = [];

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Rollouts * Each),
            new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = TestContext.Current.CancellationToken },
            async (n, _) =>
            {
                string id = ids[n % Rollouts];
                int i = n / Rollouts;
                Command command = i == Each - 1 ? Command.Abort : i % 2 == 0 ? Command.Pause : Command.Resume;
                long began = Stopwatch.GetTimestamp();
                DecisionReceipt receipt = await bench.DecideAsync(id, command, $"d{n}");
                answers.Add((id, $"d{n}", receipt, Stopwatch.GetElapsedTime(began)));
                if (n % 7 == 0)
                {
                    DecisionReceipt again = await bench.DecideAsync(id, command, $"d{n}");
                    Assert.Equal(receipt.Outcome == DecisionOutcome.AlreadyFinished ? DecisionOutcome.AlreadyFinished : DecisionOutcome.AlreadyAccepted, again.Outcome);
                }
            });

        foreach (string id in ids)
        {
            await bench.WaitAsync(id, s => s.Outcome is not null);
            await DurableBench.UntilAsync(async () => !(await bench.Parts.Registry.FindAsync(id, TestContext.Current.CancellationToken))!.IsOpen);
            IReadOnlyList<JournalRecord> journal = await bench.JournalAsync(id);
            string[] accepted = [.. answers.Where(a => a.Id == id && a.Receipt.Outcome == DecisionOutcome.Accepted).Select(a => a.Decision)];
            // Every decision that was taken stands once, and one entry says what became of it: applied or rejected.
            Assert.Equal(accepted.Order(), journal.Where(r => r.Decision is not null).Select(r => r.Decision!.Id).Order());
            Assert.Equal(accepted.Order(), journal.Select(r => r.Entry?.DecisionId).OfType<string>().Distinct().Order());
            Assert.All(
                journal.Where(r => r.Entry is { DecisionId: not null }).GroupBy(r => r.Entry!.DecisionId),
                g => Assert.Equal(g.Select(r => r.Entry!.Type).Distinct().Count(), g.Count()));
        }

        // How soon most are acted upon is measured on a real host (Rollouts.Benchmarks, durable): this runtime looks for work every half second only.
        Assert.InRange((await Task.WhenAll(ids.Select(bench.JournalAsync))).SelectMany(DelaysOf).Max().TotalSeconds, 0, 60);
        Assert.Equal(Rollouts * Each, answers.Count);
        Assert.All(answers, a => Assert.Contains(a.Receipt.Outcome, new[] { DecisionOutcome.Accepted, DecisionOutcome.AlreadyFinished }));
        Assert.All(answers, a => Assert.InRange(a.Took.TotalSeconds, 0, 60));
    }

    /// <summary>From each decision to the turn that acted upon it.</summary>
    private static IEnumerable<TimeSpan> DelaysOf(IReadOnlyList<JournalRecord> journal)
    {
        Dictionary<string, DateTimeOffset> decided = journal.Where(r => r.Decision is not null).ToDictionary(r => r.Decision!.Id, r => r.Decision!.At);
        return journal.Where(r => r.Entry?.DecisionId is not null).DistinctBy(r => r.Entry!.DecisionId).Select(r => r.Entry!.At - decided[r.Entry!.DecisionId!]);
    }
}
