using System.Text.RegularExpressions;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Workloads;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads what a Rollout runs: its pod template, or a reference to the Deployment that holds it.</summary>
internal static partial class WorkloadReader
{
    private static readonly string[] OfWorkloads = ["replicas", "selector", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineAbort", "rollbackWindow"];

    private static readonly string[] OfCanaryWorkloads =
    [
        "maxSurge", "maxUnavailable", "canaryMetadata", "stableMetadata", "dynamicStableScale", "minPodsPerReplicaSet", "replicaProgressThreshold",
        "scaleDownDelaySeconds", "abortScaleDownDelaySeconds",
    ];

    /// <summary>Null when the versions are deployed by somebody else, or when something is wrong that has been reported.</summary>
    public static LocatedWorkload? Read(FieldReader? spec, FieldReader? canary, string? rolloutName)
    {
        if (spec is null)
            return null;
        if (!spec.Has("template") && !spec.Has("workloadRef"))
        {
            Warn(spec, OfWorkloads);
            Warn(canary, OfCanaryWorkloads);
            return null;
        }

        if (spec.Has("template") && spec.Has("workloadRef"))
            spec.Problems.Error(spec.At("workloadRef"), "template must be empty for workload reference rollout; give one of them");
        SortedDictionary<string, string>? selector = ReadSelector(spec);
        var workload = new WorkloadSpec
        {
            Template = spec.Given("template") is { } template ? ReadTemplate(template, selector, spec.Problems) : null,
            Reference = ReadReference(spec, rolloutName),
            Selector = selector,
            Replicas = (int?)spec.Integer("replicas", 0, 100_000),
            MinReadySeconds = (int)(spec.Integer("minReadySeconds", 0, int.MaxValue) ?? 0),
            RevisionHistoryLimit = (int)(spec.Integer("revisionHistoryLimit", 0, 1000) ?? 10),
            MaxSurge = canary is null ? null : ReadShare(canary, "maxSurge"),
            MaxUnavailable = canary is null ? null : ReadShare(canary, "maxUnavailable"),
            CanaryMetadata = ReadMetadata(canary, "canaryMetadata", WorkloadFields.CanaryMetadata, selector),
            StableMetadata = ReadMetadata(canary, "stableMetadata", WorkloadFields.StableMetadata, selector),
        };
        if (IsNone(workload.MaxSurge) && IsNone(workload.MaxUnavailable))
            spec.Problems.Error(canary!.At("maxUnavailable"), "MaxSurge and MaxUnavailable both can not be zero");
        if (spec.Integer("progressDeadlineSeconds", 1, int.MaxValue) is { } deadline && deadline <= workload.MinReadySeconds)
            spec.Problems.Error(spec.At("progressDeadlineSeconds"), $"must be greater than minReadySeconds, which is {workload.MinReadySeconds}");
        return new LocatedWorkload(workload, ScalingReader.Read(spec, canary));
    }

    private static void Warn(FieldReader? reader, string[] fields)
    {
        foreach (string field in fields.Where(f => reader?.Has(f) == true))
        {
            reader!.Problems.Warning(
                reader.At(field), "has no meaning without template or workloadRef: both versions are deployed by somebody else, and only traffic is shifted");
        }
    }

    private static SortedDictionary<string, string>? ReadSelector(FieldReader spec)
    {
        if (!spec.Has("selector"))
        {
            if (spec.Has("template"))
                spec.Problems.Error(spec.At("selector"), "is required: Rollout has missing field '.spec.selector'; give matchLabels that the template carries");
            return null;
        }

        if (spec.Object("selector", WorkloadFields.Selector) is not { } selector || !selector.Require("matchLabels", "labels that the template carries"))
            return null;
        SortedDictionary<string, string> labels = selector.Labels("matchLabels");
        if (labels.Count == 0 && selector.Given("matchLabels") is { Node: MappingNode { Entries.Count: 0 } })
            selector.Problems.Error(selector.At("matchLabels"), "empty selector is invalid for deployment; give at least one label");
        return labels;
    }

    private static string? ReadTemplate(Element template, SortedDictionary<string, string>? selector, ProblemList problems)
    {
        if (template.Node is not MappingNode root)
        {
            problems.Error(template.Place, $"must be a pod template, an object with metadata and spec; found {template.Node.Description}");
            return null;
        }

        MappingNode? labels = Child(Child(root, "metadata"), "labels");
        string[] missing = [.. (selector ?? []).Where(s => Text(labels, s.Key) != s.Value).Select(s => $"{s.Key}: {s.Value}")];
        if (missing.Length > 0)
        {
            problems.Error(
                template.Place.Field("metadata", root.Line).Field("labels", labels?.Line ?? root.Line),
                $"`selector` does not match template `labels`; add {Shown.List(missing.Select(Shown.Plain))}");
        }

        Place containers = template.Place.Field("spec", root.Line).Field("containers", root.Line);
        if (Value(Child(root, "spec"), "containers") is not SequenceNode { Items: { Count: > 0 } items })
            problems.Error(containers, "is required: at least one container with a name and an image");
        else if (items.Any(i => Text(i as MappingNode, "name") is null || Text(i as MappingNode, "image") is null))
            problems.Error(containers, "has a container without a name or an image; give both, each a text");
        return ManifestJson.Of(root);
    }

    private static WorkloadReference? ReadReference(FieldReader spec, string? rolloutName)
    {
        if (spec.Object("workloadRef", WorkloadFields.Reference) is not { } reference)
            return null;
        foreach ((string field, string only) in new[] { ("apiVersion", "apps/v1"), ("kind", "Deployment") })
        {
            if (reference.Text(field) is { } given && given != only)
                reference.Problems.Error(reference.At(field), $"must be {only}; found {Shown.Text(given)}");
        }

        reference.Require("name", "the Deployment that holds the pod template");
        string? name = reference.ObjectName("name");
        if (name is not null && name == rolloutName)
        {
            reference.Problems.Error(
                reference.At("name"),
                $"names the Deployment {Shown.Plain(name)}, which the stable version runs in; write the pod template into the Rollout as template, or name another Deployment");
        }

        ReferenceScaleDown? scaleDown = reference.Choice(
            "scaleDown",
            [("never", ReferenceScaleDown.Never), ("onsuccess", ReferenceScaleDown.OnSuccess), ("progressively", ReferenceScaleDown.Progressively)]);
        return name is null ? null : new WorkloadReference(name, scaleDown ?? ReferenceScaleDown.Never);
    }

    private static PodMetadata? ReadMetadata(FieldReader? canary, string field, FieldSet fields, SortedDictionary<string, string>? selector)
    {
        if (canary?.Object(field, fields) is not { } metadata)
            return null;
        SortedDictionary<string, string> labels = metadata.Labels("labels");
        if (labels.Keys.FirstOrDefault(k => selector?.ContainsKey(k) == true) is { } selected)
            metadata.Problems.Error(metadata.At("labels"), $"has {Shown.Plain(selected)}, which the selector names; pods would leave their Deployment");
        return new PodMetadata { Labels = labels, Annotations = metadata.Annotations("annotations") };
    }

    private static string? ReadShare(FieldReader canary, string field)
    {
        const string Allowed = "a whole number of 0 or more, or a percentage such as 25%";
        if (canary.Scalar(field, Allowed) is not { } scalar)
            return null;
        if (Share().IsMatch(scalar.Text) && (scalar.Kind == ScalarKind.Integer || scalar.Text.EndsWith('%')))
            return scalar.Text;
        canary.Problems.Error(canary.At(field), $"must be {Allowed}; found {scalar.Description}");
        return null;
    }

    private static bool IsNone(string? share) => share is "0" or "0%";

    private static ManifestNode? Value(MappingNode? mapping, string key) => mapping?.Entries.FirstOrDefault(e => e.Key == key)?.Value;

    private static MappingNode? Child(MappingNode? mapping, string key) => Value(mapping, key) as MappingNode;

    private static string? Text(MappingNode? mapping, string key) =>
        Value(mapping, key) is ScalarNode { Kind: ScalarKind.Text } scalar ? scalar.Text : null;

    [GeneratedRegex(@"\A[0-9]{1,6}%?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Share();
}
