using System.Text;
using System.Text.Encodings.Web;

namespace Rollouts.Analysis;

/// <summary>Takes secrets out of texts, in every form that they are sent in: as they are, in a URL, in JSON, and in base64.</summary>
internal sealed class Redaction
{
    /// <summary>Where a provider has cut a text, this stands.</summary>
    private const char Cut = '…';

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

    /// <summary>As <see cref="Clean"/>, for a short text that was cut before it came here, perhaps through a secret: what is left of that stands before the mark.</summary>
    public string? CleanCut(string? text)
    {
        string? clean = Clean(text);
        for (int cut = clean?.IndexOf(Cut) ?? -1; cut >= 0; cut = clean!.IndexOf(Cut, cut + 1))
        {
            int left = hidden.Select(h => Beginning(h, clean.AsSpan(0, cut))).DefaultIfEmpty(0).Max();
            if (left > 0)
            {
                clean = string.Concat(clean.AsSpan(0, cut - left), MetricSecrets.Redacted, clean.AsSpan(cut));
                cut += MetricSecrets.Redacted.Length - left;
            }
        }

        return clean;
    }

    /// <summary>How much of a secret's beginning a text ends with.</summary>
    private static int Beginning(string secret, ReadOnlySpan<char> text)
    {
        int length = Math.Min(secret.Length - 1, text.Length);
        while (length > 0 && !text.EndsWith(secret.AsSpan(0, length), StringComparison.Ordinal))
        {
            length--;
        }

        return length;
    }
}
