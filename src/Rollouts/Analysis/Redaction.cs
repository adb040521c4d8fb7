using System.Text;
using System.Text.Encodings.Web;

namespace Rollouts.Analysis;

/// <summary>Takes secrets out of texts, in every form that they are sent in: as they are, in a URL, in JSON, and in base64.</summary>
internal sealed class Redaction
{
    private readonly List<string> hidden = [];

    public bool IsEmpty => hidden.Count == 0;

    public void Add(string secret)
    {
        if (secret.Length == 0)
        {
            return;
        }

        hidden.AddRange(new[]
        {
            secret,
            Uri.EscapeDataString(secret),
            JavaScriptEncoder.Default.Encode(secret),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
        });

        // A form that holds another one goes first.
        hidden.Sort((a, b) => b.Length - a.Length);
    }

    public string? Clean(string? text)
    {
        foreach (string secret in text is null ? [] : hidden)
        {
            text = text!.Replace(secret, MetricSecrets.Redacted, StringComparison.Ordinal);
        }

        return text;
    }
}
