using System.Text.Json;

namespace Rollouts.Sandbox.Ingress;

/// <summary>Counts the lines of nginx's JSON access log, each of which names the rule that decided and the side it chose.</summary>
public sealed class TrafficLog(string file)
{
    private readonly Lock gate = new();
    private TrafficCounts counts = new();
    private long offset;

    /// <summary>The counts since nginx started. A request is counted a moment after its answer, when nginx logs it.</summary>
    public TrafficCounts Snapshot()
    {
        lock (gate)
        {
            foreach (var line in NewLines())
                counts = counts.Add(DecisionOf(line));
            return counts;
        }
    }

    private static string? DecisionOf(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("decision").GetString();
    }

    private List<ReadOnlyMemory<byte>> NewLines()
    {
        if (!File.Exists(file))
            return [];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = offset;
        var bytes = new byte[stream.Length - offset];
        stream.ReadExactly(bytes);

        var lines = new List<ReadOnlyMemory<byte>>();
        var start = 0;
        for (var end = Array.IndexOf(bytes, (byte)'\n'); end >= 0; end = Array.IndexOf(bytes, (byte)'\n', start))
        {
            lines.Add(bytes.AsMemory(start..end));
            start = end + 1;
        }

        offset += start;
        return lines;
    }
}
