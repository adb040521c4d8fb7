using System.Security.Cryptography;
using System.Text;

namespace Rollouts.Workloads;

/// <summary>Names versions by what they consist of.</summary>
public static class PodTemplateHash
{
    /// <summary>The length of a revision: it is a label's value and the end of objects' names.</summary>
    public const int Length = 10;

    /// <summary>
    /// The first ten hex digits of SHA-256 over the template and the contents: the same content gives the same revision, in every cluster and build.
    /// </summary>
    /// <param name="template">The pod template as canonical JSON.</param>
    /// <param name="contents">
    /// What the template depends on, by a name such as <c>ConfigMap/settings</c>: a digest of its content. Their order is of no consequence.
    /// </param>
    public static string Of(string template, IReadOnlyDictionary<string, string> contents)
    {
        StringBuilder text = new(template);
        foreach ((string name, string digest) in contents.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            text.Append('\n').Append(name).Append('\n').Append(digest);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Length];
    }
}
