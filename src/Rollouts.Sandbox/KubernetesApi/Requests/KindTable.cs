namespace Rollouts.Sandbox.KubernetesApi.Requests;

/// <summary>The resource types that are served, by group, version and plural.</summary>
internal sealed class KindTable
{
    private readonly Dictionary<(string Group, string Version, string Plural), KubernetesKind> byPath = [];

    /// <exception cref="ArgumentException">A type is given twice.</exception>
    public KindTable(IEnumerable<KubernetesKind> kinds)
    {
        foreach (var kind in kinds)
        {
            if (!byPath.TryAdd((kind.Group, kind.Version, kind.Plural), kind))
            {
                throw new ArgumentException($"The resource type {kind.QualifiedPlural}/{kind.Version} is registered twice.", nameof(kinds));
            }
        }
    }

    public IReadOnlyCollection<KubernetesKind> All => byPath.Values;

    public KubernetesKind? Find(string group, string version, string plural) => byPath.GetValueOrDefault((group, version, plural));

    public bool Serves(string group, string version) => byPath.Keys.Any(k => k.Group == group && k.Version == version);
}
