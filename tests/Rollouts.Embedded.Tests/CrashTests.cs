using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Rollouts.Embedded.CrashHost;
using Rollouts.Engine;
using Rollouts.Journal;

namespace Rollouts.Embedded.Tests;

/// <summary>
/// The engine in a process of its own is killed (SIGKILL) at random moments and started again, over and over. Whatever the moment, each rollout ends as
/// one that nobody disturbed, and the cluster was told the same splits in the same order, each of them at least once.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 200;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-crash-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_KilledAtRandomMoments_EndsAsUndisturbed()
    {
        DirectoryInfo calm = folder.CreateSubdirectory("undisturbed");
        Assert.False(await RunHostAsync(calm, kill: null));
        Dictionary<string, Story> expected = await ReadAsync(calm);
        Assert.Equal(
            ["Aborted 0", "Promoted 100", "Promoted 100", "RolledBack 0"],
            expected.Values.Select(s => $"{s.Status.Outcome} {s.Status.Weight}").Order());

        int kills = 0;
        int repeated = 0;
        ConcurrentBag<string> played = [];
        long begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(lane => Task.Run(async () =>
        {
            Random random = new(Environment.TickCount + lane);
            while (Volatile.Read(ref kills) < Kills)
            {
                DirectoryInfo disturbed = folder.CreateSubdirectory($"{lane}-{played.Count}-{random.Next()}");
                bool killed = true;
                while (killed)
                {
                    bool leave = Volatile.Read(ref kills) >= Kills;
                    killed = await RunHostAsync(disturbed, leave ? null : Moment.Next(random));
                    if (killed)
                    {
                        Interlocked.Increment(ref kills);
                    }
                }

                Interlocked.Add(ref repeated, Compare(expected, await ReadAsync(disturbed)));
                played.Add(disturbed.Name);
            }
        })));

        TimeSpan took = Stopwatch.GetElapsedTime(begin);
        output.WriteLine($"{kills} kills over {played.Count * expected.Count} rollouts in {took.TotalSeconds:0} s; {repeated} writes were repeated");
        Assert.True(kills >= Kills);
        Assert.True(repeated > 0, "no kill ever met a write: the moments are badly chosen");
    }

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>True when the host was killed, false when it came to its end.</summary>
    private static async Task<bool> RunHostAsync(DirectoryInfo folder, Moment? kill)
    {
        using Process host = Process.Start(new ProcessStartInfo("dotnet", [typeof(Scenario).Assembly.Location, folder.FullName])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Task<string> errors = host.StandardError.ReadToEndAsync(Cancellation);
            for (int lines = 0; lines < (kill?.Lines ?? int.MaxValue) && await host.StandardOutput.ReadLineAsync(Cancellation) is not null; lines++)
            {
            }

            if (kill is not null)
            {
                Task ended = host.WaitForExitAsync(Cancellation);
                await Task.WhenAny(ended, Task.Delay(kill.Then, Cancellation));
                if (!ended.IsCompleted)
                {
                    host.Kill();
                    await ended;
                    if (host.ExitCode == 128 + 9)
                    {
                        return true;
                    }
                }
            }

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(150));
            await host.WaitForExitAsync(limit.Token);
            Assert.True(host.ExitCode == 0, $"exit code {host.ExitCode}: {await errors}");
            return false;
        }
        finally
        {
            if (!host.HasExited)
            {
                host.Kill();
            }
        }
    }

    /// <summary>Answers how many writes were repeated.</summary>
    private static int Compare(Dictionary<string, Story> expected, Dictionary<string, Story> disturbed)
    {
        int repeated = 0;
        foreach ((string name, Story calm) in expected)
        {
            Story story = disturbed[name];
            Assert.Equal(story.Writes.Select(w => w.Revision).Order(), story.Writes.Select(w => w.Revision));
            Assert.Equal(calm.Splits, story.Splits);
            Assert.Equal(
                (calm.Status.Outcome, calm.Status.Message, calm.Status.Weight, calm.Status.Step, calm.Status.Attempt),
                (story.Status.Outcome, story.Status.Message, story.Status.Weight, story.Status.Step, story.Status.Attempt));
            Assert.Equal(calm.Journal, story.Journal);
            repeated += story.Writes.Count - calm.Writes.Count;
        }

        return repeated;
    }

    private static async Task<Dictionary<string, Story>> ReadAsync(DirectoryInfo folder)
    {
        ILookup<string, (long Revision, string Split)> writes = File.ReadLines(Path.Combine(folder.FullName, "cluster.log"))
            .Select(line => line.Split('\t'))
            .ToLookup(f => f[0], f => (long.Parse(f[2], CultureInfo.InvariantCulture), f[3]));
        await using Bench bench = new();
        await bench.OpenAsync(options: o => o with { Path = Path.Combine(folder.FullName, "rollouts.db") });
        Dictionary<string, Story> stories = [];
        foreach (RolloutStatus status in await bench.Engine.ListAsync(100, Cancellation))
        {
            IReadOnlyList<JournalRecord> journal = await bench.JournalAsync(status.Id);
            stories[status.Name] = new Story(
                status,
                [.. writes[status.Name]],
                [.. journal.Where(r => r.Entry is not null).Select(r => $"{r.Entry!.Number} {r.Entry.Type} {r.Entry.Step} {r.Entry.Weight}")]);
        }

        return stories;
    }

    /// <summary>
    /// When to kill: so long after the host has done so much. The start of a process takes most of its time; chosen by time alone, few moments would
    /// meet a write.
    /// </summary>
    private sealed record Moment(int Lines, TimeSpan Then)
    {
        public static Moment Next(Random random) => random.Next(8) == 0
            ? new Moment(0, TimeSpan.FromMilliseconds(random.Next(400)))
            : new Moment(random.Next(1, 12), TimeSpan.FromMilliseconds(random.Next(20)));
    }

    private sealed record Story(RolloutStatus Status, IReadOnlyList<(long Revision, string Split)> Writes, IReadOnlyList<string> Journal)
    {
        /// <summary>The writes without repetitions.</summary>
        public IEnumerable<(long Revision, string Split)> Splits => Writes.Where((w, i) => i == 0 || w != Writes[i - 1]);
    }
}
