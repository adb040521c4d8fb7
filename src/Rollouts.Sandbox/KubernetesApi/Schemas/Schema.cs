namespace Rollouts.Sandbox.KubernetesApi.Schemas;

/// <summary>The shape of a JSON value as the API declares it.</summary>
internal abstract class Schema
{
    /// <summary>Keeps whatever it is given, as a custom resource that preserves unknown fields does.</summary>
    public static readonly Schema Any = new AnySchema();
}

internal sealed class AnySchema : Schema;

internal enum ScalarType
{
    String,
    Integer,
    Number,
    Boolean,
    Time,
    MicroTime,
    Bytes,
    IntOrString,
    Quantity,
}

internal sealed class ScalarSchema(ScalarType type) : Schema
{
    public ScalarType Type { get; } = type;
}

/// <summary>An object with declared fields; what is not declared is dropped.</summary>
/// <param name="typeName">The name of the API type, for messages.</param>
/// <param name="atomic">Whether server-side apply owns it as one piece.</param>
internal sealed class StructSchema(string typeName, bool atomic) : Schema
{
    public string TypeName { get; } = typeName;

    public bool Atomic { get; } = atomic;

    /// <summary>Filled after construction, because types refer to themselves.</summary>
    public Dictionary<string, Schema> Fields { get; } = new(StringComparer.Ordinal);
}

/// <summary>An object whose keys are data.</summary>
internal sealed class MapSchema(Schema element, bool atomic) : Schema
{
    public Schema Element { get; } = element;

    public bool Atomic { get; } = atomic;
}

internal sealed class ListSchema(Schema element, ListRule rule) : Schema
{
    public Schema Element { get; } = element;

    public ListRule Rule { get; } = rule;
}

/// <summary>How a list merges.</summary>
/// <param name="MapKeys">The fields that name an item for server-side apply; empty when the list is no map.</param>
/// <param name="IsSet">Whether server-side apply treats it as a set of scalars.</param>
/// <param name="PatchMergeKey">The field that names an item for a strategic merge patch; null when the patch replaces the list.</param>
/// <param name="PatchMerges">Whether a strategic merge patch merges the list instead of replacing it.</param>
internal sealed record ListRule(IReadOnlyList<string> MapKeys, bool IsSet, string? PatchMergeKey, bool PatchMerges)
{
    public static readonly ListRule Atomic = new([], false, null, false);

    public bool IsAtomic => MapKeys.Count == 0 && !IsSet;
}
