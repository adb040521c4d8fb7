namespace Rollouts.Sandbox.Ingress;

/// <summary>Looks at nginx's worker processes, since a reload is over only when the old ones have stopped accepting.</summary>
internal static class NginxWorkers
{
    /// <summary>The workers of a master process that take connections: those that shut down say so in their title.</summary>
    public static HashSet<int> AcceptingUnder(int masterProcessId) =>
        [.. ReadOrEmpty($"/proc/{masterProcessId}/task/{masterProcessId}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(int.Parse)
            .Where(IsAccepting)];

    private static bool IsAccepting(int processId) =>
        ReadOrEmpty($"/proc/{processId}/cmdline") is { Length: > 0 } title
        && !title.Contains("shutting down", StringComparison.Ordinal);

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // The process has ended.
        }
    }
}
