using System.IO.Compression;
using System.Text.Json;
using Rollouts.Machine;

namespace RolloutFunctions.Orchestration;

/// <summary>A turn as it is carried from generation to generation: its versioned JSON, compressed, as text.</summary>
public static class StoredTurn
{
    /// <summary>
    /// How long the text may be at most when a rollout begins. Messages above about 24 KB make every generation seconds slow; the rest is for what a rollout
    /// gathers on its way, above all the last ten measurements of each metric.
    /// </summary>
    public const int LongestAtStart = 12_000;

    // Says how the text is to be read, should it ever be written otherwise.
    private const string Brotli = "br:";

    public static string Write(Turn turn)
    {
        using MemoryStream packed = new();
        using (BrotliStream packing = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            JsonSerializer.Serialize(packing, turn, RolloutJson.Default.Turn);
        }

        return Brotli + Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }

    /// <exception cref="InvalidDataException">The text was not written by <see cref="Write"/> of this or an older build.</exception>
    public static Turn Read(string text)
    {
        if (!text.StartsWith(Brotli, StringComparison.Ordinal))
        {
            throw new InvalidDataException("the stored turn is of a form that this build does not know");
        }

        try
        {
            using MemoryStream packed = new(Convert.FromBase64String(text[Brotli.Length..]));
            using BrotliStream unpacking = new(packed, CompressionMode.Decompress);
            return JsonSerializer.Deserialize(unpacking, RolloutJson.Default.Turn) ?? throw new InvalidDataException("the stored turn is empty");
        }
        catch (Exception unreadable) when (unreadable is FormatException or InvalidOperationException or JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"the stored turn can't be read: {unreadable.Message}", unreadable);
        }
    }
}
