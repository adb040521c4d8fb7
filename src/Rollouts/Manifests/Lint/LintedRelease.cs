using Rollouts.Manifests.Kinds;
using Rollouts.Policy;
using Rollouts.Steps;

namespace Rollouts.Manifests.Lint;

/// <summary>Valid documents as rules see them.</summary>
internal sealed class LintedRelease
{
    private readonly IReadOnlyDictionary<Place, LintAnnotations> annotations;

    private LintedRelease(IReadOnlyDictionary<Place, LintAnnotations> annotations) => this.annotations = annotations;

    /// <summary>Where the Rollout begins; null when there is none.</summary>
    public Place? Rollout { get; private init; }

    public RolloutPolicy Policy { get; private init; } = RolloutPolicy.Default;

    /// <summary>The weight at which the canary has all traffic.</summary>
    public int FullWeight { get; private init; } = 100;

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<LintedStep> Steps { get; private init; } = [];

    /// <summary>The analysis beside the steps; null when there is none.</summary>
    public LintedBackground? Background { get; private init; }

    /// <summary>Every metric that an analysis uses, with its arguments, and every metric that none uses, with the defaults of its arguments.</summary>
    public IReadOnlyList<LintedMetric> Metrics { get; private init; } = [];

    public bool IsIgnored(Place document, string rule) => annotations.TryGetValue(document, out LintAnnotations? of) && of.Ignored.Contains(rule);

    /// <param name="rollout">The Rollout; null when there is none.</param>
    /// <param name="templates">The templates by their key.</param>
    /// <param name="policy">The policy; null when there is none.</param>
    /// <param name="annotations">What documents say to the linter, by their place.</param>
    /// <param name="fields">The fields of the Rollout that arguments take their values from.</param>
    /// <param name="options">What they do not say.</param>
    public static LintedRelease Of(
        LocatedRollout? rollout,
        IReadOnlyDictionary<string, LocatedTemplate> templates,
        LocatedPolicy? policy,
        IReadOnlyDictionary<Place, LintAnnotations> annotations,
        IReadOnlyDictionary<string, string> fields,
        LintOptions options)
    {
        TimeSpan scrapes = (rollout is null ? null : annotations.GetValueOrDefault(rollout.Place)?.ScrapeInterval) ?? options.ScrapeInterval;
        TimeSpan Scrapes(LocatedTemplate template) => annotations.GetValueOrDefault(template.Place)?.ScrapeInterval ?? scrapes;
        var metrics = new LintedMetrics(templates, rollout?.Target?.CanaryService, fields, Scrapes);
        LintedStep[] steps = rollout is null ? [] : [.. rollout.Steps.Where(s => s.Step is not null).Select(s => new LintedStep(s.Place, s.Step!, metrics.Of(s.Analysis)))];
        LintedBackground? background = rollout?.Background is { } beside
            ? new LintedBackground(beside.Analysis.Place, beside.Background.StartingStep, metrics.Of(beside.Analysis))
            : null;
        LintedMetric[] experiments = rollout is null ? [] : [.. rollout.Steps.SelectMany(s => s.Experiment).SelectMany(e => metrics.Of(e.Analysis))];
        return new LintedRelease(annotations)
        {
            Rollout = rollout?.Place,
            Policy = policy?.Policy ?? RolloutPolicy.Default,
            FullWeight = rollout?.Target?.MaxWeight ?? 100,
            Steps = steps,
            Background = background,
            Metrics =
            [
                .. steps.SelectMany(s => s.Metrics).Concat(experiments).Concat(background?.Metrics ?? []).Concat(metrics.Of(policy?.Bake)).Distinct(),
                .. metrics.Unused(),
            ],
        };
    }
}

/// <summary>The analysis beside the steps.</summary>
internal sealed record LintedBackground(Place Place, int StartingStep, IReadOnlyList<LintedMetric> Metrics);

/// <summary>A step and, for an analysis, its metrics.</summary>
internal sealed record LintedStep(Place Place, Step Step, IReadOnlyList<LintedMetric> Metrics);
