namespace Rollouts.Sandbox.KubernetesApi;

/// <summary>A resource type that the stand-in serves.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version in the group, for instance <c>v1</c>.</param>
/// <param name="Plural">The resource name in the path, for instance <c>ingresses</c>.</param>
/// <param name="Name">The kind, for instance <c>Ingress</c>.</param>
public sealed record KubernetesKind(string Group, string Version, string Plural, string Name)
{
    /// <summary>Whether its objects live in namespaces. Default: true.</summary>
    public bool Namespaced { get; init; } = true;

    /// <summary>
    /// The model type of the Kubernetes client that declares its fields: undeclared fields are dropped, values of another type refused.
    /// Default: null, every field is kept, as in a custom resource that preserves unknown fields.
    /// </summary>
    public Type? Model { get; init; }

    /// <summary>Whether <c>status</c> is written through its own subresource only. Default: true.</summary>
    public bool HasStatus { get; init; } = true;

    /// <summary>Whether <c>metadata.generation</c> counts the changes of the spec. Default: true.</summary>
    public bool HasGeneration { get; init; } = true;

    /// <summary>Whether an update without <c>resourceVersion</c> overwrites whatever is there. Default: false, as in custom resources.</summary>
    public bool UnconditionalUpdate { get; init; }

    /// <summary>Whether an update of an object that does not exist creates it. Default: false.</summary>
    public bool CreateOnUpdate { get; init; }

    /// <summary>Whether a deletion answers with the deleted object instead of a <c>Status</c>. Default: false.</summary>
    public bool DeleteReturnsObject { get; init; }

    /// <summary>Names that command-line clients take for the plural. Default: none.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary><c>v1</c> or <c>networking.k8s.io/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>services</c> or <c>ingresses.networking.k8s.io</c>, as messages name the resource.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary><c>Service</c> or <c>Ingress.networking.k8s.io</c>, as messages name the kind.</summary>
    public string QualifiedName => Group.Length == 0 ? Name : $"{Name}.{Group}";

    /// <inheritdoc/>
    public override string ToString() => QualifiedPlural;
}
