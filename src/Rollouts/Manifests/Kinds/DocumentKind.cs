using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads what kind of document something is.</summary>
internal static class DocumentKind
{
    public const string Rollout = "Rollout";
    public const string AnalysisTemplate = "AnalysisTemplate";
    public const string ClusterAnalysisTemplate = "ClusterAnalysisTemplate";
    public const string RolloutPolicy = "RolloutPolicy";

    private static readonly string[] Known = [Rollout, AnalysisTemplate, ClusterAnalysisTemplate, RolloutPolicy];

    /// <summary>Null, with a problem, when the document is of no kind that is read.</summary>
    public static string? Of(ManifestDocument document, ProblemList problems)
    {
        if (document.Root is not MappingNode root)
        {
            problems.Error(document.Place, $"must be an object with apiVersion, kind, metadata and spec; found {document.Root.Description}");
            return null;
        }

        if (TextOf(root, "kind") is not (MappingEntry entry, string kind))
        {
            problems.Error(document.Place.Field("kind", document.Place.Line), $"is required: one of {Shown.List(Known)}");
            return null;
        }

        if (!Known.Contains(kind))
        {
            problems.Error(
                document.Place.Field("kind", entry.Line),
                $"{Shown.Text(kind)} is not read{Spelling.Hint(kind, Known)}; known are {Shown.List(Known)}");
            return null;
        }

        CheckVersion(document.Place, root, kind, problems);
        return kind;
    }

    private static void CheckVersion(Place place, MappingNode root, string kind, ProblemList problems)
    {
        string expected = kind == RolloutPolicy ? ManifestFields.OwnApiVersion : ManifestFields.ArgoApiVersion;
        if (TextOf(root, "apiVersion") is not (MappingEntry entry, string version))
            problems.Error(place.Field("apiVersion", place.Line), $"is required: {expected} for a {kind}");
        else if (version != expected)
            problems.Error(place.Field("apiVersion", entry.Line), $"{Shown.Text(version)} is not read; a {kind} has {expected}");
    }

    private static (MappingEntry Entry, string Text)? TextOf(MappingNode root, string name) =>
        root.Entries.FirstOrDefault(e => e.Key == name) is { Value: ScalarNode { Kind: not ScalarKind.Null } scalar } entry
            ? (entry, scalar.Text)
            : null;
}
