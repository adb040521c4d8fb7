using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads a Rollout.</summary>
internal static class RolloutReader
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(600);

    public static LocatedRollout Read(ManifestDocument document, ProblemList problems)
    {
        FieldReader root = FieldReader.Open(new Element(document.Root, document.Place), RolloutFields.Document, problems)!;
        var (name, ns) = ReadMetadata(root);
        FieldReader? spec = root.Require("spec", "holds strategy") ? root.Object("spec", RolloutFields.Spec) : null;
        FieldReader? canary = Canary(spec);
        LocatedWorkload? workload = WorkloadReader.Read(spec, canary, name);
        TrafficTarget? target = canary is null ? null : TrafficTargetReader.Read(canary, name ?? "", ns ?? "default");
        return new LocatedRollout(
            document.Place,
            name,
            ns ?? "default",
            target,
            canary is null ? [] : StepReader.ReadAll(
                canary, target, spec!.Has("template") || spec.Has("workloadRef"), workload?.Workload.Selector),
            spec?.Flag("paused") ?? false,
            spec?.Integer("progressDeadlineSeconds", 1, int.MaxValue) is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultDeadline,
            workload)
        {
            Root = (MappingNode)document.Root,
            Background = canary is null ? null : BackgroundReader.Read(canary),
        };
    }

    private static (string? Name, string? Namespace) ReadMetadata(FieldReader root)
    {
        if (!root.Require("metadata", "holds the name") || root.Object("metadata", RolloutFields.Metadata) is not { } metadata)
            return (null, null);
        metadata.Require("name", "the release is known by it");
        return (metadata.ObjectName("name"), metadata.LabelName("namespace"));
    }

    private static FieldReader? Canary(FieldReader? spec) =>
        spec is not null
        && spec.Require("strategy", "holds canary")
        && spec.Object("strategy", RolloutFields.Strategy) is { } strategy
        && strategy.Require("canary", "only canaries are run")
            ? strategy.Object("canary", RolloutFields.Canary)
            : null;
}
