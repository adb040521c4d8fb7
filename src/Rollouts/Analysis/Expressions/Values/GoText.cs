using System.Buffers;
using System.Text;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>
/// Text as Go has it: a string is bytes, usually UTF-8, and is measured, cut and compared by the byte. Here each char of such a
/// string holds one byte, so that .NET's ordinal operations are Go's; ASCII, which is nearly all of it, is the same in both.
/// </summary>
internal static class GoText
{
    public static string FromUnicode(string text) =>
        Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    public static string ToUnicode(string bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return bytes;
        }

        var text = new StringBuilder(bytes.Length);
        foreach (var rune in Runes(bytes))
        {
            text.Append(rune.ToString());
        }

        return text.ToString();
    }

    /// <summary>The characters of a text; a byte that is no part of one is U+FFFD.</summary>
    public static IEnumerable<Rune> Runes(string bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var rune = RuneAt(bytes, at, out var length);
            yield return rune;
            at += length;
        }
    }

    public static Rune RuneAt(string bytes, int at, out int length)
    {
        length = 1;
        if (bytes[at] < 0x80)
        {
            return new Rune(bytes[at]);
        }

        Span<byte> encoded = stackalloc byte[4];
        var available = Math.Min(4, bytes.Length - at);
        for (var i = 0; i < available; i++)
        {
            encoded[i] = (byte)bytes[at + i];
        }

        if (Rune.DecodeFromUtf8(encoded[..available], out var rune, out var consumed) != OperationStatus.Done)
        {
            return Rune.ReplacementChar;
        }

        length = consumed;
        return rune;
    }

    public static string FromRune(Rune rune) => FromUnicode(rune.ToString());

    public static byte[] ToBytes(string bytes) => Encoding.Latin1.GetBytes(bytes);

    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
