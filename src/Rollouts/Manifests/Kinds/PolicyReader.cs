using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Policy;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads a RolloutPolicy.</summary>
internal static class PolicyReader
{
    private static readonly (string Name, UnclearAction Value)[] Actions =
        [("ask", UnclearAction.Ask), ("wait", UnclearAction.Wait), ("abort", UnclearAction.Abort), ("continue", UnclearAction.Continue)];

    public static RolloutPolicy Read(ManifestDocument document, ProblemList problems)
    {
        FieldReader root = FieldReader.Open(new Element(document.Root, document.Place), PolicyFields.Document, problems)!;
        if (root.Object("metadata", PolicyFields.Metadata) is { } metadata)
        {
            metadata.ObjectName("name");
            metadata.LabelName("namespace");
        }

        if (!root.Require("spec", "what the policy says") || root.Object("spec", PolicyFields.Spec) is not { } spec)
            return RolloutPolicy.Default;
        Compatibility compatibility = spec.Choice("compatibility", [("none", Compatibility.None), ("argo", Compatibility.Argo)]) ?? Compatibility.None;
        RolloutPolicy defaults = compatibility == Compatibility.Argo ? RolloutPolicy.Argo : RolloutPolicy.Default;
        return defaults with
        {
            Compatibility = compatibility,
            Cluster = spec.LabelName("cluster"),
            Inconclusive = ReadUnclear(spec, "inconclusive") ?? defaults.Inconclusive,
            NoData = ReadUnclear(spec, "noData") ?? defaults.NoData,
            Error = ReadUnclear(spec, "error") ?? defaults.Error,
            Question = ReadQuestion(spec, defaults.Question),
        };
    }

    private static UnclearPolicy? ReadUnclear(FieldReader spec, string field)
    {
        if (spec.Given(field) is not { } given)
            return null;
        if (given.Node is ScalarNode)
            return spec.Choice(field, Actions) is { } only ? new UnclearPolicy { Action = only } : null;
        if (spec.Object(field, PolicyFields.Unclear) is not { } reader)
            return null;
        reader.Require("action", "ask, wait, abort or continue");
        UnclearAction? action = reader.Choice("action", Actions);
        TimeSpan? duration = reader.Duration("for");
        if (duration == TimeSpan.Zero)
            reader.Problems.Error(reader.At("for"), "must be longer than 0s; leave it out for 10m");
        UnclearAction? then = reader.Choice("then", [.. Actions.Where(a => a.Value != UnclearAction.Wait)]);
        foreach (string unused in new[] { "for", "then" })
        {
            if (action is not (null or UnclearAction.Wait) && reader.Has(unused))
                reader.Problems.Error(reader.At(unused), "goes with action: wait only; remove it");
        }

        var defaults = new UnclearPolicy();
        return action is null ? null : new UnclearPolicy { Action = action.Value, For = duration ?? defaults.For, Then = then ?? defaults.Then };
    }

    private static QuestionPolicy ReadQuestion(FieldReader spec, QuestionPolicy defaults)
    {
        if (spec.Object("question", PolicyFields.Question) is not { } reader)
            return defaults;
        TimeSpan? openFor = defaults.OpenFor;
        if (reader.IsNull("openFor") || reader.Given("openFor") is { Node: ScalarNode { Kind: ScalarKind.Text, Text: "forever" } })
            openFor = null;
        else if (reader.Has("openFor"))
            openFor = reader.Duration("openFor", ", or forever") ?? openFor;
        if (openFor == TimeSpan.Zero)
            reader.Problems.Error(reader.At("openFor"), "must be longer than 0s, or forever");
        return new QuestionPolicy
        {
            OpenFor = openFor,
            OnExpiry = reader.Choice("onExpiry", [("abort", UnclearAction.Abort), ("continue", UnclearAction.Continue)]) ?? defaults.OnExpiry,
        };
    }
}
