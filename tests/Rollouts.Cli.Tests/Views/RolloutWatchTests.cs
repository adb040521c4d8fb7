using System.Text;
using Rollouts.Cli.Output;
using Rollouts.Cli.Views;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Rollouts.Cli.Tests.Views;

/// <summary>The live screen, on something that is a terminal.</summary>
public sealed class RolloutWatchTests
{
    [Fact]
    public async Task FollowAsync_OnATerminal_DrawsTheTreeAndItsProgress()
    {
        string screen = await WatchAsync(Status(5, 1), Status(5, 1) with { Outcome = RolloutOutcome.Promoted, Phase = RolloutPhase.Healthy, Step = 3, Weight = 100 });
        Assert.Contains("shop/checkout  Paused", screen, StringComparison.Ordinal);
        Assert.Contains("canary █░░░", screen, StringComparison.Ordinal);
        Assert.Contains("steps  ██████████░░░░░░░░░░░░░░░░░░░░ 1/3", screen, StringComparison.Ordinal);
        Assert.Contains("├── ✔ 1. setWeight: 5", screen, StringComparison.Ordinal);
        Assert.Contains("├── ▶ 2. pause", screen, StringComparison.Ordinal);
        Assert.Contains("└── · 3. setWeight: 100", screen, StringComparison.Ordinal);
        Assert.Contains("steps  ██████████████████████████████ 3/3", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("asking again", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FollowAsync_ServerDoesNotAnswer_SaysSoOnTheScreenAndNoMoreOnceItDoes()
    {
        string screen = await WatchAsync(Status(5, 1), null, null, Status(50, 2), Status(100, 3) with { Outcome = RolloutOutcome.Promoted, Phase = RolloutPhase.Healthy });
        string[] frames = screen.Split("shop/checkout");
        Assert.Contains(frames, f => f.Contains("5/100", StringComparison.Ordinal) && f.Contains("no server there; asking again", StringComparison.Ordinal));
        Assert.Contains(frames, f => f.Contains("50/100", StringComparison.Ordinal));
        Assert.DoesNotContain(frames, f => f.Contains("50/100", StringComparison.Ordinal) && f.Contains("asking again", StringComparison.Ordinal));
        Assert.DoesNotContain("asking again", frames[^1], StringComparison.Ordinal);
    }

    private static async Task<string> WatchAsync(params RolloutStatus?[] looks)
    {
        using StringWriter output = new(), error = new();
        using TestConsole screen = new();
        screen.Profile.Capabilities.Interactive = true;
        screen.Profile.Capabilities.Unicode = true;
        screen.Profile.Out = new Terminal(screen.Profile.Out.Writer);
        screen.Profile.Width = 120;
        screen.Profile.Height = 40;
        RolloutWatch watch = new(new Engine(looks), new CliConsole(output, error, screen), quiet: false) { Every = TimeSpan.FromMilliseconds(1) };
        await watch.FollowAsync("id", TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal("", error.ToString());
        return screen.Output;
    }

    private static RolloutStatus Status(int weight, int step) => new()
    {
        Id = "id",
        Name = "checkout",
        Namespace = "shop",
        Phase = RolloutPhase.Paused,
        Steps = ["setWeight: 5", "pause", "setWeight: 100"],
        Step = step,
        Weight = weight,
        StartedAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Shows one status after another; null is a look that nobody answers.</summary>
    private sealed class Engine(RolloutStatus?[] looks) : IRolloutControl
    {
        private int looked;

        public Task<RolloutStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
            Task.FromResult<RolloutStatus?>(looks[Math.Min(looked++, looks.Length - 1)] ?? throw new PortException(FailureKind.Transient, "no server there"));

        public Task<IReadOnlyList<JournalRecord>?> ReadJournalAsync(string id, long after, int most, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<JournalRecord>?>(looked < looks.Length || after > 0
                ? []
                : [new JournalRecord(1, new JournalEntry { Number = 1, At = DateTimeOffset.UnixEpoch, Type = EventType.RolloutCompleted, Message = "done" }, null)]);

        public Task<IReadOnlyList<RolloutStatus>> ListAsync(int most, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<DecisionReceipt> DecideAsync(string id, Decision decision, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Terminal(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => 120;

        public int Height => 40;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
