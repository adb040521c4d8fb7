using System.Buffers;
using System.Globalization;
using System.Text;

namespace Rollouts.Manifests;

/// <summary>Text of a manifest as it may stand in a message: on one line, bounded, without control characters.</summary>
internal static class Shown
{
    private const int MostCharacters = 60;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/.$");

    /// <summary>A value in quotes.</summary>
    public static string Text(string text) => $"\"{Plain(text)}\"";

    /// <summary>A key as a part of a path; in quotes when it is no simple word.</summary>
    public static string Key(string key) =>
        key.Length is > 0 and <= MostCharacters && !key.AsSpan().ContainsAnyExcept(KeyCharacters) ? key : Text(key);

    /// <summary>A list of words, the first twenty of them.</summary>
    public static string List(IEnumerable<string> words)
    {
        string[] first = [.. words.Take(21)];
        return first.Length > 20 ? string.Join(", ", first.Take(20)) + ", …" : string.Join(", ", first);
    }

    /// <summary>A value without quotes.</summary>
    public static string Plain(string text) => Bounded(text, MostCharacters);

    /// <summary>A sentence that somebody else wrote.</summary>
    public static string Sentence(string text) => Bounded(text, 500);

    private static string Bounded(string text, int most)
    {
        var shown = new StringBuilder(Math.Min(text.Length, most));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length >= most)
                return shown.Append('…').ToString();
            if (rune.Value is '\n' or '\r' or '\t')
                shown.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                shown.Append($"U+{rune.Value:X4}");
            else
                shown.Append(rune);
        }

        return shown.ToString();
    }
}
