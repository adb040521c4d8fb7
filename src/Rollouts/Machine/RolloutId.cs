using Rollouts.Manifests;

namespace Rollouts.Machine;

/// <summary>Names rollouts.</summary>
public static class RolloutId
{
    /// <summary>The longest id, so that it fits every engine's instance ids.</summary>
    public const int MaxLength = 100;

    private const int DigestLength = 10;
    private const char Separator = '.';

    /// <summary>
    /// <c>namespace.name.digest</c>: readable, the same for the same release, at most 100 characters, none of <c>/ \ # ?</c>. A name that is too long
    /// is cut; the digest keeps the id unique.
    /// </summary>
    public static string For(Release release)
    {
        string readable = $"{release.Namespace}.{release.Name}";
        int room = MaxLength - DigestLength - 1;
        return $"{(readable.Length > room ? readable[..room] : readable)}{Separator}{release.Digest[..DigestLength]}";
    }

    /// <summary>What the ids of all releases of the same rollout begin with.</summary>
    public static string Beginning(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id[..(id.LastIndexOf(Separator) + 1)];
    }
}
