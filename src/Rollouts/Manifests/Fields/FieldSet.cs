using System.Collections.Frozen;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields that one object of a manifest may have.</summary>
public sealed class FieldSet
{
    private readonly FrozenDictionary<string, KnownField> byName;

    internal FieldSet(string kind, string path, IReadOnlyList<KnownField> fields)
    {
        Kind = kind;
        Path = path;
        Fields = fields;
        byName = fields.ToFrozenDictionary(f => f.Name);
        SupportedNames = [.. fields.Where(f => f.IsRead).Select(f => f.Name)];
    }

    /// <summary>The kind of document that the object is part of.</summary>
    public string Kind { get; }

    /// <summary>Where the object stands in the document, for instance <c>spec.strategy.canary.steps[]</c>; empty for the document itself.</summary>
    public string Path { get; }

    /// <summary>In the order that a reader of a table would like.</summary>
    public IReadOnlyList<KnownField> Fields { get; }

    internal IReadOnlyList<string> SupportedNames { get; }

    internal KnownField? Find(string name) => byName.GetValueOrDefault(name);
}
