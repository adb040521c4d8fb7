using System.Text;

namespace Rollouts.Sandbox.Ingress;

/// <summary>Text as nginx's configuration language has it.</summary>
internal static class NginxText
{
    /// <summary>A double-quoted token that nginx reads back as exactly this text.</summary>
    public static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>
    /// A case-sensitive map source that matches exactly this text: plain strings in a map match whatever their case.
    /// </summary>
    public static string ExactMatch(string text) => Quote($"~\\A{EscapePattern(text)}\\z");

    /// <summary>The text with everything escaped that could mean something in a PCRE.</summary>
    public static string EscapePattern(string text)
    {
        var pattern = new StringBuilder(text.Length * 2);
        foreach (var character in text)
        {
            if (char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character))
                pattern.Append('\\');
            pattern.Append(character);
        }

        return pattern.ToString();
    }

    /// <summary>The variable that nginx keeps a request header in.</summary>
    public static string HeaderVariable(string header) =>
        $"$http_{header.ToLowerInvariant().Replace('-', '_')}";
}
