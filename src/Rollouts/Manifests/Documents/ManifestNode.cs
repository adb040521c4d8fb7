using YamlDotNet.Core;

namespace Rollouts.Manifests.Documents;

/// <summary>A value of a document, with the line of the file that it begins on.</summary>
/// <param name="line">From 1.</param>
internal abstract class ManifestNode(int line)
{
    public int Line => line;

    /// <summary>Characters and nodes that the value stands for, aliases counted as often as they are used.</summary>
    public long Size { get; protected init; }

    /// <summary>How deep collections are nested in it; 0 for a scalar.</summary>
    public int Height { get; protected init; }

    /// <summary>What the value is, for a message.</summary>
    public abstract string Description { get; }
}

/// <summary>A text, number, boolean or null.</summary>
internal sealed class ScalarNode : ManifestNode
{
    private readonly ScalarStyle style;

    public ScalarNode(int line, string text, ScalarStyle style)
        : base(line)
    {
        this.style = style;
        Text = text;
        Kind = style == ScalarStyle.Plain ? PlainScalar.KindOf(text) : ScalarKind.Text;
        Size = text.Length + 8;
    }

    public string Text { get; }

    public ScalarKind Kind { get; }

    /// <inheritdoc/>
    public override string Description => Kind switch
    {
        ScalarKind.Null => "nothing (null)",
        ScalarKind.Boolean => $"the boolean {Text}",
        ScalarKind.Integer or ScalarKind.Float => $"the number {Shown.Plain(Text)}",
        _ => $"the text {Shown.Text(Text)}",
    };

    /// <summary>The line of the file that a line of the text (from 1) stands on, as far as it can be told.</summary>
    public int LineOf(int lineOfText) => style switch
    {
        ScalarStyle.Literal => Line + lineOfText,
        ScalarStyle.Folded => Line + 1,
        _ => Line,
    };
}

/// <summary>A list.</summary>
internal sealed class SequenceNode : ManifestNode
{
    public SequenceNode(int line, IReadOnlyList<ManifestNode> items)
        : base(line)
    {
        Items = items;
        Size = 8 + items.Sum(i => i.Size);
        Height = 1 + items.Select(i => i.Height).DefaultIfEmpty().Max();
    }

    public IReadOnlyList<ManifestNode> Items { get; }

    /// <inheritdoc/>
    public override string Description => "a list";
}

/// <summary>An object: fields by name, each name once.</summary>
internal sealed class MappingNode : ManifestNode
{
    public MappingNode(int line, IReadOnlyList<MappingEntry> entries)
        : base(line)
    {
        Entries = entries;
        Size = 8 + entries.Sum(e => e.Key.Length + 8 + e.Value.Size);
        Height = 1 + entries.Select(e => e.Value.Height).DefaultIfEmpty().Max();
    }

    public IReadOnlyList<MappingEntry> Entries { get; }

    /// <inheritdoc/>
    public override string Description => "an object";
}

/// <summary>A field of an object; the line is the key's.</summary>
internal sealed record MappingEntry(string Key, int Line, ManifestNode Value);
