using RolloutFunctions.Tests.VirtualTime;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;

namespace RolloutFunctions.Tests.Engine;

/// <summary>Whole rollouts of minutes and hours, on the durable runtime with a clock that runs a hundred and more times as fast.</summary>
public sealed class VirtualTimeTests(AzuriteServer azurite)
{
    [Fact]
    public async Task Rollout_TheArticles_TakesItsPausesAndIsPromoted()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite, time: new HastyTime(120));
        string id = await bench.StartAsync(Releases.Article.Patient());

        RolloutStatus status = await bench.WaitAsync(id, s => s.Outcome is not null);

        Assert.Equal((RolloutOutcome.Promoted, 100), (status.Outcome, status.Weight));
        Assert.InRange((status.FinishedAt - status.StartedAt)!.Value.TotalMinutes, 15, 60);
        IReadOnlyList<JournalRecord> journal = await bench.JournalAsync(id);
        AssertTook(journal, EventType.RolloutPaused, EventType.RolloutResumed, 5, 10);
    }

    [Fact]
    public async Task Rollout_TheArticlesWithErrors_IsRolledBackAfterItsFirstPause()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite, time: new HastyTime(120));
        bench.Metrics.Answer = "[0.2]";
        string id = await bench.StartAsync(Releases.Article.Patient());

        RolloutStatus status = await bench.WaitAsync(id, s => s.Outcome is not null);

        Assert.Equal((RolloutOutcome.RolledBack, 0), (status.Outcome, status.Weight));
        Assert.Equal([0, 5, 0], bench.Cluster.Weights.Prepend(0));
        AssertTook(await bench.JournalAsync(id), EventType.RolloutPaused, EventType.RolloutResumed, 5);
    }

    [Fact]
    public async Task Rollout_QuestionThatNobodyAnswers_IsAbortedWhenItExpires()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite, time: new HastyTime(900));
        Release release = Releases.Asking("unanswered").Patient() with { Policy = new RolloutPolicy { Question = new() { OpenFor = TimeSpan.FromHours(2) } } };
        string id = await bench.StartAsync(release);

        RolloutStatus status = await bench.WaitAsync(id, s => s.Outcome is not null);

        Assert.Equal((RolloutOutcome.Aborted, 0), (status.Outcome, status.Weight));
        Assert.Contains("nobody answered", status.Message, StringComparison.Ordinal);
        AssertTook(await bench.JournalAsync(id), EventType.QuestionAsked, EventType.QuestionExpired, 120);
    }

    [Fact]
    public async Task Rollout_AnsweredAfterAnHour_GoesOn()
    {
        HastyTime time = new(900);
        await using DurableBench bench = await DurableBench.StartAsync(azurite, time: time);
        string id = await bench.StartAsync(Releases.Asking("answered").Patient());
        RolloutStatus asked = await bench.WaitAsync(id, s => s.Question is not null);
        await DurableBench.UntilAsync(() => Task.FromResult(time.GetUtcNow() >= asked.Question!.AskedAt.AddHours(1)));

        await bench.DecideAsync(id, Command.Promote);

        Assert.Equal(RolloutOutcome.Promoted, (await bench.WaitAsync(id, s => s.Outcome is not null)).Outcome);
    }

    private static void AssertTook(IReadOnlyList<JournalRecord> journal, string from, string to, params double[] minutes)
    {
        IEnumerable<DateTimeOffset> At(string type) => journal.Where(r => r.Entry?.Type == type).Select(r => r.Entry!.At);
        double[] took = [.. At(from).Zip(At(to), (began, ended) => (ended - began).TotalMinutes)];
        Assert.Equal(minutes.Length, took.Length);
        Assert.All(took.Zip(minutes), t => Assert.InRange(t.First, t.Second, t.Second + 20));
    }
}
