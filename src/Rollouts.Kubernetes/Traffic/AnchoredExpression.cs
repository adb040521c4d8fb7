using System.Text;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// Regular expressions that mean the same to engines which search for a match (PCRE, NGINX) and to those which compare the whole text (RE2 in Envoy).
/// </summary>
internal static class AnchoredExpression
{
    private const string Metacharacters = @"\^$.[]|()?*+{}";

    /// <summary>For a prefix: it and whatever follows. For an expression: all of the text.</summary>
    public static string Of(HeaderMatchKind kind, string text) => kind == HeaderMatchKind.Regex ? $"^(?:{text})$" : $"^{Escape(text)}.*$";

    /// <summary>The expression that matches just this text.</summary>
    public static string Escape(string literal)
    {
        StringBuilder escaped = new(literal.Length);
        foreach (char c in literal)
        {
            _ = (Metacharacters.Contains(c) ? escaped.Append('\\') : escaped).Append(c);
        }

        return escaped.ToString();
    }
}
