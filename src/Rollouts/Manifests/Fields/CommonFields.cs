using static Rollouts.Manifests.Fields.KnownField;

namespace Rollouts.Manifests.Fields;

/// <summary>The fields that documents of every kind have.</summary>
internal static class CommonFields
{
    private static readonly string[] ByTheCluster =
    [
        "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields",
        "ownerReferences", "finalizers", "selfLink",
    ];

    public static FieldSet Document(string kind) => new(kind, "",
    [
        Supported("apiVersion", $"required; {(kind == "RolloutPolicy" ? ManifestFields.OwnApiVersion : ManifestFields.ArgoApiVersion)}"),
        Supported("kind", $"required; {kind}"),
        Supported("metadata", kind == "RolloutPolicy" ? "optional" : "required; holds the name"),
        Supported("spec", "required"),
        Ignored("status", "written by the cluster"),
    ]);

    public static FieldSet Metadata(string kind) => new(kind, "metadata",
    [
        Supported("name", kind == "RolloutPolicy" ? "optional" : "required; a DNS-1123 subdomain"),
        Supported("namespace", "a DNS-1123 label; default \"default\" for a Rollout"),
        Refused("generateName", "a release is known by its name; write a name"),
        Ignored("labels", "for people and other tools"),
        Ignored("annotations", "for people, other tools and the linter (rolloutfunctions/lint-ignore, rolloutfunctions/scrape-interval)"),
        .. ByTheCluster.Select(n => Ignored(n, "written by the cluster")),
    ]);
}
