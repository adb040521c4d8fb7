namespace Rollouts.Sandbox.KubernetesApi.Requests;

/// <summary>The resource types that are served, by group, version and plural.</summary>
internal sealed class KindTable
{
    private readonly Dictionary<(string Group, string Version, string Plural), KubernetesKind> _kinds = [];

    /// <exception cref="ArgumentException">A type is given twice.</exception>
    public KindTable(IEnumerable<KubernetesKind> kinds)
    {
        foreach (var kind in kinds)
        {
            if (!_kinds.TryAdd((kind.Group, kind.Version, kind.Plural), kind))
            {
                throw new ArgumentException($"The resource type {kind.QualifiedPlural}/{kind.Version} is registered twice.", nameof(kinds));
            }
        }
    }

    public IReadOnlyCollection<KubernetesKind> All => _kinds.Values;

    public KubernetesKind? Find(string group, string version, string plural) => _kinds.GetValueOrDefault((group, version, plural));

    public bool Serves(string group, string version) => _kinds.Keys.Any(k => k.Group == group && k.Version == version);
}
