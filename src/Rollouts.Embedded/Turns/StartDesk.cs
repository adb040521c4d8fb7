using Rollouts.Embedded.State;
using Rollouts.Engine;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Embedded.Turns;

/// <summary>Takes starts: one rollout at a time owns a target, and the one before it makes way where it is asked to, or has nothing left to decide. Runs on the writer.</summary>
internal sealed class StartDesk(TurnTaker turns, DecisionDesk decisions, TimeProvider time)
{
    /// <returns>What became of it, the first generation of a new rollout, and what follows for those that make way.</returns>
    public (StartResult Result, Generation? First, IReadOnlyList<Wake> MakingWay) Take(
        Tables tables, Release release, string id, string startedBy, bool supersede)
    {
        long? known = tables.Journal.Find(id);
        if (known is { } there && tables.Generations.Find(there) is { } rollout)
        {
            return (Repetition.Answer(View(rollout), tables.Journal.Later(there, RolloutId.Beginning(id))), null, []);
        }

        List<(long Key, string Id)> owners = [.. tables.Targets.Owners(release.Target, known ?? 0)];
        foreach ((long Key, string Id) owner in owners)
        {
            Generation current = tables.Generations.Find(owner.Key)!;
            if (!supersede && current.Rollout.Outcome is null)
            {
                return (new StartResult(StartOutcome.TargetOwned, View(current), owner.Id), null, []);
            }
        }

        List<Wake> makingWay = [];
        foreach ((long Key, string Id) owner in owners)
        {
            makingWay.Add(decisions.Take(tables, owner.Id, Superseding.By(id, startedBy, time.GetUtcNow())).Wake);
            tables.Targets.Release(owner.Key);
        }

        string? superseded = owners.Count > 0 ? owners[0].Id : null;
        Generation first = turns.Start(tables, tables.Journal.FindOrCreate(id), id, release, startedBy, superseded);
        return (new StartResult(StartOutcome.Started, View(first)), first, makingWay);
    }

    private static RolloutStatus View(Generation generation) => RolloutStatusView.Of(generation.Rollout, generation.WakeAt);
}
