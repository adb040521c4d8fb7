using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rollouts.Manifests.Documents;

/// <summary>A value that is well-formed YAML and still not read.</summary>
internal sealed class UnreadableNodeException(Mark start, string message) : YamlException(start, start, message);

/// <summary>Builds the tree of one document after the other from a parser's events, within bounds.</summary>
internal sealed class NodeReader(IParser parser, string file, int skippedLines, ProblemList problems)
{
    /// <summary>How deep lists and objects may be nested.</summary>
    public const int MostNesting = 64;

    /// <summary>By how many characters aliases may make a document grow.</summary>
    public const long MostAliasGrowth = 1 << 20;

    private readonly Dictionary<string, ManifestNode> anchors = [];
    private long aliasGrowth;

    /// <summary>The line of the file that was read last.</summary>
    public int LastLine { get; private set; } = skippedLines + 1;

    public bool TryReadDocument([NotNullWhen(true)] out ManifestNode? root)
    {
        root = null;
        anchors.Clear();
        aliasGrowth = 0;
        while (Next() is not DocumentStart)
        {
            if (parser.Current is null or StreamEnd)
                return false;
        }

        root = ReadNode(Next()!, Trail.Root);
        return true;
    }

    private ParsingEvent? Next()
    {
        if (!parser.MoveNext() || parser.Current is not { } current)
            return null;
        LastLine = LineOf(current);
        if (problems.IsFull)
            throw new UnreadableNodeException(current.Start, "is not read any further");
        return current;
    }

    private int LineOf(ParsingEvent at) => (int)at.Start.Line + skippedLines;

    private ManifestNode ReadNode(ParsingEvent at, Trail trail)
    {
        if (at is AnchorAlias alias)
            return Resolve(alias, trail);
        if (at is not NodeEvent node)
            throw new UnreadableNodeException(at.Start, "ends where a value is expected");
        if (trail.Depth >= MostNesting && node is not Scalar)
            throw new UnreadableNodeException(at.Start, $"is nested deeper than {MostNesting} levels, which no manifest needs");
        if (!node.Tag.IsEmpty && !(node.Tag.IsNonSpecific && node.Tag.Value == "?"))
            problems.Error(Here(at, trail), $"holds the tag {Shown.Plain(node.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal))}; tags are not read, remove it (and quote what is to be a text)");
        ManifestNode read = node switch
        {
            Scalar scalar => ReadScalar(scalar, trail),
            SequenceStart => ReadSequence(node, trail),
            _ => ReadMapping(node, trail),
        };
        if (!node.Anchor.IsEmpty)
            anchors[node.Anchor.Value] = read;
        return read;
    }

    private ScalarNode ReadScalar(Scalar scalar, Trail trail)
    {
        string text = scalar.Value;
        foreach (char c in text)
        {
            if (!ManifestText.IsAllowedInValue(c))
            {
                problems.Error(Here(scalar, trail), $"holds the character U+{(int)c:X4}, which no manifest may hold; remove it");
                break;
            }
        }

        return new ScalarNode(LineOf(scalar), text, scalar.Style);
    }

    private SequenceNode ReadSequence(NodeEvent start, Trail trail)
    {
        var items = new List<ManifestNode>();
        while (Next() is { } at and not SequenceEnd)
            items.Add(ReadNode(at, trail.Item(items.Count)));
        return new SequenceNode(LineOf(start), items);
    }

    private MappingNode ReadMapping(NodeEvent start, Trail trail)
    {
        var builder = new MappingBuilder(file, trail, problems);
        while (Next() is { } at and not MappingEnd)
        {
            if (at is Scalar key)
            {
                ScalarNode name = ReadScalar(key, trail);
                ManifestNode value = ReadNode(Next()!, trail.Field(name.Text));
                builder.Add(name.Text, key.Style == ScalarStyle.Plain, name.Line, value);
            }
            else
            {
                problems.Error(Here(at, trail), "has a key that is not a text; a field's name has to be one, and a text that begins with { has to be in quotes");
                ReadNode(at, trail.Field("?"));
                ReadNode(Next()!, trail.Field("?"));
            }
        }

        return new MappingNode(LineOf(start), builder.Entries);
    }

    private ManifestNode Resolve(AnchorAlias alias, Trail trail)
    {
        if (!anchors.TryGetValue(alias.Value.Value, out ManifestNode? target))
        {
            problems.Error(Here(alias, trail), $"*{Shown.Plain(alias.Value.Value)} refers to no anchor that is complete above it");
            return new ScalarNode(LineOf(alias), "", ScalarStyle.Plain);
        }

        aliasGrowth += target.Size;
        if (aliasGrowth > MostAliasGrowth)
            throw new UnreadableNodeException(alias.Start, "grows by more than 1 MiB when its aliases (*) are filled in; write the values out");
        if (trail.Depth + target.Height > MostNesting)
            throw new UnreadableNodeException(alias.Start, $"is nested deeper than {MostNesting} levels, which no manifest needs");
        return target;
    }

    private Place Here(ParsingEvent at, Trail trail) => new(file, LineOf(at), trail.Path);
}
