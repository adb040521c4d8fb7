using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Manifests.Checks;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Manifests.Kinds;
using Rollouts.Manifests.Lint;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Manifests;

/// <summary>Puts documents together and checks what one of them says of the others.</summary>
internal sealed class ReleaseAssembly(ProblemList problems)
{
    private readonly List<LocatedRollout> rollouts = [];
    private readonly SortedDictionary<string, LocatedTemplate> templates = new(StringComparer.Ordinal);
    private readonly Dictionary<Place, LintAnnotations> annotations = [];
    private LocatedPolicy? policy;

    /// <summary>False when something could not be read, so that what seems to be missing may be there.</summary>
    public bool IsComplete { get; set; } = true;

    /// <summary>The rollout's namespace.</summary>
    public string? Namespace => rollouts.FirstOrDefault()?.Namespace;

    /// <summary>The cluster that the policy names.</summary>
    public string? Cluster => policy?.Policy.Cluster;

    /// <summary>The templates that are named and not there.</summary>
    public IReadOnlyList<TemplateReference> Missing =>
    [
        .. rollouts.SelectMany(r => ReferencesOf(r).Concat(UsedBy(r).SelectMany(t => t.Nested).Select(n => n.Reference)))
            .Where(r => !templates.ContainsKey(r.Key)).Distinct(),
    ];

    public IReadOnlyDictionary<string, AnalysisTemplate> Templates => templates.ToDictionary(t => t.Key, t => t.Value.Template);

    public void Add(ManifestDocument document)
    {
        annotations[document.Place] = LintAnnotations.Read(document, problems);
        switch (DocumentKind.Of(document, problems))
        {
            case DocumentKind.Rollout:
                LocatedRollout rollout = RolloutReader.Read(document, problems);
                if (rollouts.Count > 0)
                    problems.Error(document.Place, $"is a second Rollout (first in {LineOf(rollouts[0].Place)}); a release has one");
                rollouts.Add(rollout);
                break;
            case DocumentKind.AnalysisTemplate:
                AddTemplate(TemplateReader.Read(document, clusterScope: false, problems));
                break;
            case DocumentKind.ClusterAnalysisTemplate:
                AddTemplate(TemplateReader.Read(document, clusterScope: true, problems));
                break;
            case DocumentKind.RolloutPolicy:
                LocatedPolicy read = PolicyReader.Read(document, problems);
                if (policy is { } first)
                    problems.Error(document.Place, $"is a second RolloutPolicy (first in {LineOf(first.Place)}); a release has at most one");
                policy ??= read;
                break;
            default:
                IsComplete = false;
                break;
        }
    }

    /// <param name="whereMissing">Where to report that there is no Rollout; null when none is needed.</param>
    /// <returns>Null when there is any error, or no Rollout.</returns>
    public Release? Build(Place? whereMissing)
    {
        if (rollouts.Count == 0 && whereMissing is not null && IsComplete && !problems.HasErrors)
            problems.Error(whereMissing, "there is no Rollout; a release needs one (apiVersion: argoproj.io/v1alpha1, kind: Rollout)");
        Check();
        if (problems.HasErrors || rollouts is not [{ Name: { } name, Target: { } target } rollout])
            return null;
        var release = new Release
        {
            Name = name,
            Namespace = rollout.Namespace,
            Target = target with { Cluster = Cluster },
            Steps = [.. rollout.Steps.Select(s => s.Step).OfType<Step>()],
            Background = rollout.Background?.Background,
            Templates = new SortedDictionary<string, AnalysisTemplate>(
                UsedBy(rollout).ToDictionary(t => t.Key, t => t.Template), StringComparer.Ordinal),
            Fields = FieldsOf(rollout).Values,
            Policy = policy?.Policy ?? RolloutPolicy.Default,
            Paused = rollout.Paused,
            ProgressDeadline = rollout.ProgressDeadline,
            Workload = IsExternal ? null : rollout.Workload?.Workload,
            Scaling = IsExternal ? null : rollout.Workload?.Scaling,
        };
        return Bound(release, rollout.Place) ? release with { Digest = ReleaseDigest.Of(release) } : null;
    }

    /// <summary>Warns of what bites in practice. What has errors is not linted: half of it would be guessed.</summary>
    public void Lint(LintOptions options) => LintRules.Run(
        LintedRelease.Of(
            rollouts.FirstOrDefault(),
            templates,
            policy,
            annotations,
            rollouts.Count == 0 ? new Dictionary<string, string>() : FieldsOf(rollouts[0]).Values,
            options),
        problems);

    /// <summary>The templates that a rollout uses, those that others nest included; what is not there is left out.</summary>
    private IEnumerable<LocatedTemplate> UsedBy(LocatedRollout rollout) => TemplateNesting.Walk(
        ReferencesOf(rollout), k => templates.GetValueOrDefault(k), t => t.Nested.Select(n => n.Reference));

    private IEnumerable<TemplateReference> ReferencesOf(LocatedRollout rollout) =>
        AnalysesOf(rollout).SelectMany(a => a.Analysis.Templates).Select(t => t.Reference);

    private RolloutFieldValues FieldsOf(LocatedRollout rollout) => new(
        rollout.Root,
        [
            .. AnalysesOf(rollout).SelectMany(a => a.Analysis.Args).Select(a => a.Argument.FieldPath).OfType<string>(),
            .. UsedBy(rollout).SelectMany(t => t.Args).Select(a => a.Argument.FieldPath).OfType<string>(),
        ]);

    private IEnumerable<(LocatedAnalysis Analysis, bool MayBeEndless)> AnalysesOf(LocatedRollout rollout) =>
    [
        .. rollout.Steps.Select(s => s.Analysis).OfType<LocatedAnalysis>().Select(a => (a, false)),
        .. rollout.Steps.SelectMany(s => s.Experiment),
        .. new[] { rollout.Background?.Analysis, policy?.Bake }.OfType<LocatedAnalysis>().Select(a => (a, true)),
    ];

    private static string LineOf(Place place) => $"{place.File} line {place.Line}";

    private void AddTemplate(LocatedTemplate? template)
    {
        if (template is null)
            IsComplete = false;
        else if (!templates.TryAdd(template.Key, template))
            problems.Error(template.Place, $"is a second {template.Title} (first in {LineOf(templates[template.Key].Place)}); give it once");
    }

    private void CheckShare(LocatedRollout rollout)
    {
        if (policy is { Policy.WeightVerification: { Canary: null } } located && rollout.Target is { Nginx: null })
        {
            problems.Error(
                located.Place.Field("spec", located.Place.Line).Field("weightVerification", located.Place.Line),
                "needs canary and total here: only for ingress-nginx is it known which metrics count the canary's requests");
        }
    }

    private void Check()
    {
        foreach (LocatedRollout rollout in rollouts)
        {
            CheckShare(rollout);
            CheckPolicy(rollout);
            var checks = new AnalysisChecks(templates, FieldsOf(rollout), policy?.Policy ?? RolloutPolicy.Default, problems);
            foreach ((LocatedAnalysis analysis, bool mayBeEndless) in AnalysesOf(rollout))
                checks.Check(analysis, rollout.Namespace, mayBeEndless, IsComplete);
        }

        var alone = new AnalysisChecks(templates, new RolloutFieldValues(null, []), RolloutPolicy.Default, problems);
        var used = rollouts.SelectMany(UsedBy).Select(t => t.Key).ToHashSet();
        foreach (LocatedTemplate template in templates.Values.Where(t => !used.Contains(t.Key)))
            alone.CheckAlone(template);
    }

    private bool IsExternal => policy?.Policy.Workloads == WorkloadOwnership.External;

    private void CheckPolicy(LocatedRollout rollout)
    {
        foreach (LocatedStep step in rollout.Steps.Where(s => IsExternal && s.Step is SetCanaryScaleStep or ExperimentStep))
        {
            problems.Error(
                step.Place, "is about pods of the rollout's own, but the RolloutPolicy says workloads: external; remove the step, or say managed");
        }

        if (policy is null || !IsComplete || Missing.Count > 0)
            return;
        string[] names = [.. UsedBy(rollout).SelectMany(t => t.Metrics).Select(m => m.Metric.Name).Distinct()];
        foreach (string name in policy.Policy.Metrics.Select(m => m.Name).Where(n => !names.Contains(n)))
        {
            problems.Error(
                new Place(policy.Place.File, policy.Place.Line, "spec.metrics"),
                $"no analysis of the release has a metric {Shown.Text(name)}{Spelling.Hint(name, names)}; the metrics are {Shown.List(names.Select(Shown.Plain))}");
        }
    }

    private bool Bound(Release release, Place place)
    {
        long bytes = ReleaseDigest.CompressedBytes(release);
        if (bytes <= ReleaseDigest.MostCompressedBytes)
            return true;
        problems.Error(
            place,
            $"is too large: {bytes} bytes compressed, at most {ReleaseDigest.MostCompressedBytes} are allowed; shorten queries or split the release");
        return false;
    }
}
