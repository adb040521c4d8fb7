using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Policy;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads a RolloutPolicy.</summary>
internal static class PolicyReader
{
    private static readonly (string Name, UnclearAction Value)[] Actions =
        [("ask", UnclearAction.Ask), ("wait", UnclearAction.Wait), ("abort", UnclearAction.Abort), ("continue", UnclearAction.Continue)];

    public static LocatedPolicy Read(ManifestDocument document, ProblemList problems)
    {
        FieldReader root = FieldReader.Open(new Element(document.Root, document.Place), PolicyFields.Document, problems)!;
        if (root.Object("metadata", PolicyFields.Metadata) is { } metadata)
        {
            metadata.ObjectName("name");
            metadata.LabelName("namespace");
        }

        if (!root.Require("spec", "what the policy says") || root.Object("spec", PolicyFields.Spec) is not { } spec)
            return new LocatedPolicy(RolloutPolicy.Default, document.Place);
        Compatibility compatibility = spec.Choice("compatibility", [("none", Compatibility.None), ("argo", Compatibility.Argo)]) ?? Compatibility.None;
        RolloutPolicy defaults = compatibility == Compatibility.Argo ? RolloutPolicy.Argo : RolloutPolicy.Default;
        LocatedAnalysis? bakeAnalysis = null;
        RolloutPolicy policy = defaults with
        {
            Compatibility = compatibility,
            Cluster = spec.LabelName("cluster"),
            Inconclusive = ReadUnclear(spec, "inconclusive") ?? defaults.Inconclusive,
            NoData = ReadUnclear(spec, "noData") ?? defaults.NoData,
            Error = ReadUnclear(spec, "error") ?? defaults.Error,
            Question = ReadQuestion(spec, defaults.Question),
            FirstDeployment = spec.Choice("firstDeployment", [("skip", FirstDeploymentPolicy.Skip), ("analyse", FirstDeploymentPolicy.Analyse)]),
            Workloads = spec.Choice("workloads", [("managed", WorkloadOwnership.Managed), ("external", WorkloadOwnership.External)]),
            Background = ReadBackground(spec, defaults.Background),
            Bake = ReadBake(spec, out bakeAnalysis),
            Drift = spec.Choice("drift", [("restore", DriftAction.Restore), ("adopt", DriftAction.Adopt), ("ask", DriftAction.Ask)]) ?? defaults.Drift,
            WeightVerification = spec.Object("weightVerification", PolicyFields.WeightVerification) is { } share ? WeightVerificationReader.Read(share) : null,
            MinimumRequests = RequestMinimumReader.Read(spec, "minimumRequests"),
            Metrics = spec.Has("metrics") ? [.. spec.Objects("metrics", PolicyFields.Metric).Select(ReadMetric).OfType<MetricPolicy>()] : defaults.Metrics,
            Schedule = ScheduleReader.Read(spec),
            Deadline = ReadDeadline(spec),
            Approval = ApprovalReader.Read(spec),
            Notify = NotifyReader.Read(spec),
        };
        return new LocatedPolicy(policy, document.Place) { Bake = bakeAnalysis };
    }

    private static BackgroundPolicy ReadBackground(FieldReader spec, BackgroundPolicy defaults)
    {
        if (spec.Object("background", PolicyFields.Background) is not { } reader)
            return defaults;
        return new BackgroundPolicy
        {
            StartOn = reader.Choice("startOn", [("canaryTraffic", BackgroundStart.CanaryTraffic), ("startingStep", BackgroundStart.StartingStep)])
                ?? defaults.StartOn,
            AfterRequests = RequestMinimumReader.Read(reader, "afterRequests"),
        };
    }

    private static MetricPolicy? ReadMetric(FieldReader reader)
    {
        string? name = reader.Require("name", "the metric's name") ? reader.Text("name") : null;
        UnclearPolicy? noData = ReadUnclear(reader, "noData");
        RequestMinimum? minimum = RequestMinimumReader.Read(reader, "minimumRequests");
        return name is null ? null : new MetricPolicy { Name = name, NoData = noData, MinimumRequests = minimum };
    }

    private static TimeSpan? ReadDeadline(FieldReader spec)
    {
        TimeSpan? deadline = spec.Duration("deadline");
        if (deadline == TimeSpan.Zero)
            spec.Problems.Error(spec.At("deadline"), "must be longer than 0s; leave it out for none");
        return deadline;
    }

    private static BakePolicy? ReadBake(FieldReader spec, out LocatedAnalysis? analysis)
    {
        analysis = null;
        if (spec.Object("bake", PolicyFields.Bake) is not { } reader)
            return null;
        TimeSpan? duration = reader.Require("for", "how long, for instance 30m") ? reader.Duration("for") : null;
        if (duration == TimeSpan.Zero)
            reader.Problems.Error(reader.At("for"), "must be longer than 0s; leave bake out for none");
        analysis = reader.Object("analysis", StepFields.Analysis) is { } given ? AnalysisStepReader.ReadAnalysis(given) : null;
        return new BakePolicy { For = duration ?? TimeSpan.Zero, Analysis = analysis?.Analysis };
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
