using System.Text;

namespace Rollouts.Outbound;

/// <summary>Makes a server's text fit to show: short, printable, without the credentials that a request was sent with.</summary>
internal static class SentSecrets
{
    private const int LongestText = 300;

    public static string Clean(string text, HttpRequestMessage? sent)
    {
        foreach (string secret in SecretsOf(sent))
        {
            text = text.Replace(secret, "*****", StringComparison.Ordinal);
        }

        string printable = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return printable.Length <= LongestText ? printable : string.Concat(printable.AsSpan(0, LongestText - 1), "…");
    }

    // Whatever handler added them: a server, or a proxy before it, may repeat what it was sent.
    private static IEnumerable<string> SecretsOf(HttpRequestMessage? sent)
    {
        if (sent?.Headers.Authorization is not { Parameter: { Length: > 0 } parameter } authorization)
        {
            yield break;
        }

        yield return parameter;
        byte[] bytes = new byte[parameter.Length];
        if (authorization.Scheme == "Basic" && Convert.TryFromBase64String(parameter, bytes, out int length))
        {
            string pair = Encoding.UTF8.GetString(bytes, 0, length);
            if (pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..] is { Length: > 0 } password)
            {
                yield return password;
            }
        }
    }
}
