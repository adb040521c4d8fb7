using Rollouts.Engine;

namespace Rollouts.Http.Approvals;

/// <summary>What chat hears of rollouts, in lines of text.</summary>
internal static class ChatStatus
{
    private const int Looked = 50;
    private const int Shown = 10;

    /// <summary>One rollout, or those that are under way.</summary>
    public static async Task<string> OfAsync(IRolloutControl engine, string name, CancellationToken cancellationToken)
    {
        if (name.Length > 0)
        {
            (RolloutStatus? one, string? problem) = await FindAsync(engine, name, cancellationToken).ConfigureAwait(false);
            return one is null ? problem! : Line(one);
        }

        RolloutStatus[] running = [.. (await engine.ListAsync(Looked, cancellationToken).ConfigureAwait(false)).Where(s => s.Outcome is null)];
        return running.Length == 0
            ? "No rollout is under way."
            : string.Join('\n', running.Take(Shown).Select(Line)) + (running.Length > Shown ? $"\nand {running.Length - Shown} more" : "");
    }

    /// <summary>By id, by <c>namespace/name</c>, or by name; of several the one under way, else the newest.</summary>
    public static async Task<(RolloutStatus? Status, string? Problem)> FindAsync(IRolloutControl engine, string name, CancellationToken cancellationToken)
    {
        if (name.Length <= Machine.RolloutId.MaxLength && !name.Contains('/', StringComparison.Ordinal)
            && await engine.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } byId)
        {
            return (byId, null);
        }

        RolloutStatus[] named =
        [
            .. (await engine.ListAsync(Looked, cancellationToken).ConfigureAwait(false))
                .Where(s => s.Name == name || $"{s.Namespace}/{s.Name}" == name)
                .OrderBy(s => s.Outcome is not null),
        ];
        RolloutStatus[] running = [.. named.Where(s => s.Outcome is null)];
        return running.Length > 1 ? (null, $"{running.Length} rollouts are called {name}: {string.Join(", ", running.Select(s => s.Id))}. Say which.")
            : named.Length > 0 ? (named[0], null)
            : (null, $"There is no rollout {name}.");
    }

    private static string Line(RolloutStatus status)
    {
        string state = status.Outcome?.ToString() ?? status.Phase.ToString();
        string where = status.Outcome is null ? $", step {Math.Min(status.Step + 1, status.Steps.Count)} of {status.Steps.Count}" : "";
        string waits = status.WaitingFor is { } waiting ? $", waits for {waiting.ToString().ToLowerInvariant()}" : "";
        return $"{status.Namespace}/{status.Name}: {state}{where}, weight {status.Weight} of {status.MaxWeight}{waits}. {status.Message} ({status.Id})";
    }
}
