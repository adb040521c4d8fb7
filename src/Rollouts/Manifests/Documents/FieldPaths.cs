using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Rollouts.Manifests.Documents;

/// <summary>
/// Reads a field of a Rollout by its path, as Argo does for <c>fieldRef</c>: <c>metadata.*</c> by the rules of Kubernetes' downward API, all else by the
/// names and indexes between dots and brackets (<c>extractValueFromRollout</c> in <c>utils/analysis/helpers.go</c>, in its words).
/// </summary>
internal static partial class FieldPaths
{
    public static bool TryRead(MappingNode root, string path, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = path.StartsWith("metadata", StringComparison.Ordinal) ? ReadMetadata(root, path, out value) : ReadAny(root, path, out value);
        if (problem is null && value is null)
            problem = $"invalid path {Shown.Plain(path)} in rollout";
        return problem is null;
    }

    private static string? ReadMetadata(MappingNode root, string path, out string? value)
    {
        value = null;
        ManifestNode? metadata = Member(root, "metadata");
        if (Subscript().Match(path) is { Success: true } match)
        {
            value = Text(Member(Member(metadata, match.Groups["map"].Value), match.Groups["key"].Value));
            return null;
        }

        switch (path)
        {
            case "metadata.name":
            case "metadata.uid":
                value = Text(Member(metadata, path["metadata.".Length..]));
                return null;
            case "metadata.namespace":
                value = Text(Member(metadata, "namespace")) ?? "default";
                return null;
            case "metadata.labels":
            case "metadata.annotations":
                value = Member(metadata, path["metadata.".Length..]) is MappingNode map ? Lines(map) : null;
                return null;
            default:
                return $"unsupported fieldPath: {Shown.Plain(path)}; metadata has name, namespace, labels['KEY'], annotations['KEY'], labels and annotations";
        }
    }

    // The downward API's form of a whole map.
    private static string Lines(MappingNode map) => string.Join('\n', map.Entries
        .OrderBy(e => e.Key, StringComparer.Ordinal)
        .Select(e => $"{e.Key}=\"{(Text(e.Value) ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));

    private static string? ReadAny(MappingNode root, string path, out string? value)
    {
        value = null;
        ManifestNode? at = root;
        foreach (string section in path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            switch (at)
            {
                case SequenceNode list when !int.TryParse(section, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _):
                    return $"invalid index '{Shown.Plain(section)}'";
                case SequenceNode list:
                    int index = int.Parse(section, CultureInfo.InvariantCulture);
                    if (index < 0 || index >= list.Items.Count)
                        return $"index {index} out of range";
                    at = list.Items[index];
                    break;
                case MappingNode:
                    at = Member(at, section);
                    break;
                default:
                    return $"invalid path {Shown.Plain(path)} in rollout";
            }
        }

        if (at is MappingNode or SequenceNode)
            return $"path {Shown.Plain(path)} in rollout must terminate in a primitive value";
        value = Text(at);
        return null;
    }

    private static ManifestNode? Member(ManifestNode? node, string name) =>
        (node as MappingNode)?.Entries.FirstOrDefault(e => e.Key == name)?.Value;

    private static string? Text(ManifestNode? node) => node is ScalarNode { Kind: not ScalarKind.Null } scalar ? scalar.Text : null;

    [GeneratedRegex(@"\Ametadata\.(?<map>labels|annotations)\['(?<key>[^']{1,317})'\]\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Subscript();
}
