using System.Globalization;
using System.Text;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Embedded.CrashHost;

/// <summary>
/// A cluster that outlives the process: a file with a line for every write, in the order in which they came. Answers take a moment, so that a kill meets
/// writes before, in and after their line.
/// </summary>
internal sealed class FileCluster : ITrafficRouter, IWorkloadReader, IDisposable
{
    private readonly Lock gate = new();
    private readonly FileStream log;
    private readonly Dictionary<string, (string Owner, long Revision, TrafficSplit Split)> targets = [];

    public FileCluster(string path)
    {
        if (File.Exists(path))
        {
            foreach (string[] line in File.ReadLines(path).Select(l => l.Split('\t')))
            {
                targets[line[0]] = (line[1], long.Parse(line[2], CultureInfo.InvariantCulture), Parse(line[3]));
            }
        }

        log = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public async Task<ClaimedTarget> ClaimAsync(TrafficTarget target, string owner, TimeSpan silence, CancellationToken cancellationToken)
    {
        await MomentAsync();
        TrafficSplit found;
        lock (gate)
        {
            if (targets.TryGetValue(target.RolloutName, out var held) && held.Owner.Length > 0 && held.Owner != owner)
            {
                throw new PortException(FailureKind.Owned, $"{target} is owned by {held.Owner}") { Owner = held.Owner };
            }

            found = held.Split ?? TrafficSplit.None;
            Write(target, owner, held.Revision, found);
        }

        await MomentAsync();
        return new ClaimedTarget(found);
    }

    public Task<TargetHolder?> FindHolderAsync(TrafficTarget target, CancellationToken cancellationToken) =>
        Task.FromResult<TargetHolder?>(null);

    public async Task<TrafficSplit> ApplyAsync(TrafficTarget target, TrafficSplit split, string owner, long revision, CancellationToken cancellationToken)
    {
        await MomentAsync();
        lock (gate)
        {
            // Not refused but written, for the test to find: with one engine on the file no write may come late.
            Write(target, owner, revision, split);
        }

        await MomentAsync();
        return split;
    }

    public async Task<TrafficSplit> RenewAsync(TrafficTarget target, TrafficSplit written, string owner, CancellationToken cancellationToken)
    {
        await MomentAsync();
        lock (gate)
        {
            return targets[target.RolloutName].Split;
        }
    }

    public async Task ReleaseAsync(TrafficTarget target, string owner, CancellationToken cancellationToken)
    {
        await MomentAsync();
        lock (gate)
        {
            Write(target, "", targets[target.RolloutName].Revision, targets[target.RolloutName].Split);
        }

        await MomentAsync();
    }

    public async Task<WorkloadRevisions> ReadAsync(TrafficTarget target, CancellationToken cancellationToken)
    {
        await MomentAsync();
        return new WorkloadRevisions("stable", "canary");
    }

    public void Dispose() => log.Dispose();

    private static Task MomentAsync() => Task.Delay(Random.Shared.Next(4));

    private static TrafficSplit Parse(string text) => text.Split(' ') switch
    {
        [var weight] => new TrafficSplit(int.Parse(weight, CultureInfo.InvariantCulture), []),
        var parts => new TrafficSplit(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            [.. parts.Skip(1).Select(name => new HeaderRoute(name, [new HeaderMatch("X-Internal", HeaderMatchKind.Exact, "canary")]))]),
    };

    // One write call of one line: a kill leaves all of it or nothing.
    private void Write(TrafficTarget target, string owner, long revision, TrafficSplit split)
    {
        targets[target.RolloutName] = (owner, revision, split);
        string text = string.Join(' ', [$"{split.CanaryWeight}", .. split.HeaderRoutes.Select(r => r.Name)]);
        log.Write(Encoding.UTF8.GetBytes($"{target.RolloutName}\t{owner}\t{revision}\t{text}\n"));
        Console.WriteLine("write");
    }
}
