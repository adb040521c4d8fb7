using System.Collections.Concurrent;

namespace RolloutFunctions.Tests.Storm;

/// <summary>When a decision is at its most inconvenient.</summary>
internal enum Moment
{
    /// <summary>As a generation begins: the event comes before anybody waits for it.</summary>
    BeforeTheWait,

    /// <summary>The event and the timer end the same wait.</summary>
    AsATimerFires,

    /// <summary>The journal has been read, and the turn that follows does not know of it.</summary>
    WhileTheJournalIsRead,

    /// <summary>The event belongs to a generation that is being replaced.</summary>
    DuringContinueAsNew,

    /// <summary>The journal is being closed.</summary>
    AsTheRolloutEnds,
}

/// <summary>Holds decisions back until a rollout comes to their moment, and then throws them.</summary>
internal sealed class Moments
{
    /// <summary>So many decisions come in the same instant.</summary>
    private const int AtOnce = 3;

    private readonly ConcurrentDictionary<(string Id, Moment Moment), ConcurrentQueue<Func<Task>>> held = new();
    private readonly ConcurrentBag<Task> thrown = [];

    /// <summary>How many were thrown at a moment.</summary>
    public ConcurrentDictionary<Moment, int> Thrown { get; } = new();

    /// <summary>How many decisions have not had their moment yet.</summary>
    public int Waiting => held.Values.Sum(q => q.Count);

    public void Hold(string id, Moment moment, Func<Task> decision) =>
        held.GetOrAdd((id, moment), _ => new()).Enqueue(decision);

    /// <summary>A rollout has come to a moment. Whoever tells so may wait a little for the decision to be on its way, and never for its answer.</summary>
    public Task Reached(string id, Moment moment)
    {
        List<Task> together = [];
        while (together.Count < AtOnce && held.TryGetValue((id, moment), out ConcurrentQueue<Func<Task>>? queue) && queue.TryDequeue(out Func<Task>? decision))
        {
            Thrown.AddOrUpdate(moment, 1, (_, before) => before + 1);
            together.Add(Task.Run(decision));
            thrown.Add(together[^1]);
        }

        return Task.WhenAll(together);
    }

    /// <summary>Once none waits: when all that were thrown have been answered.</summary>
    public Task AnsweredAsync() => Task.WhenAll(thrown);
}
