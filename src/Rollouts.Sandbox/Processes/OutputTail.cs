namespace Rollouts.Sandbox.Processes;

/// <summary>The last lines that a process wrote, for the message that says why it did not start.</summary>
internal sealed class OutputTail(int capacity = 40)
{
    private readonly Queue<string> lines = new(capacity);
    private readonly Lock gate = new();

    public void Add(string? line)
    {
        if (line is null)
            return;
        lock (gate)
        {
            if (lines.Count == capacity)
                lines.Dequeue();
            lines.Enqueue(line);
        }
    }

    public override string ToString()
    {
        lock (gate)
            return lines.Count == 0 ? "(no output)" : string.Join('\n', lines);
    }
}
