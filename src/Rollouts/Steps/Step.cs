using System.Text.Json.Serialization;
using Rollouts.Analysis;
using Rollouts.Traffic;

namespace Rollouts.Steps;

/// <summary>One item of a canary's list of steps. A rollout performs them in order and never returns to an earlier one, except by retry.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "step")]
[JsonDerivedType(typeof(SetWeightStep), "setWeight")]
[JsonDerivedType(typeof(SetCanaryScaleStep), "setCanaryScale")]
[JsonDerivedType(typeof(ExperimentStep), "experiment")]
[JsonDerivedType(typeof(PauseStep), "pause")]
[JsonDerivedType(typeof(AnalysisStep), "analysis")]
[JsonDerivedType(typeof(SetHeaderRouteStep), "setHeaderRoute")]
[JsonDerivedType(typeof(SetMirrorRouteStep), "setMirrorRoute")]
public abstract record Step
{
    /// <summary>The step as a person reads it in a status line, for instance <c>setWeight: 25</c>.</summary>
    [JsonIgnore]
    public abstract string Title { get; }
}

/// <summary>Gives the canary a share of the traffic.</summary>
/// <param name="Weight">From 0 to the target's greatest weight (100 unless <c>maxTrafficWeight</c> says otherwise).</param>
public sealed record SetWeightStep(int Weight) : Step
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Title => $"setWeight: {Weight}";
}

/// <summary>
/// Sizes the canary without a change of its traffic, from here on until another one. With neither, it has the pods that its traffic needs, which is how a
/// rollout begins (<c>matchTrafficWeight</c>).
/// </summary>
/// <param name="Replicas">So many pods.</param>
/// <param name="Weight">As many pods as traffic of this weight would need.</param>
public sealed record SetCanaryScaleStep(int? Replicas = null, int? Weight = null) : Step
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Title => this switch
    {
        { Replicas: { } replicas } => $"setCanaryScale: {replicas} replicas",
        { Weight: { } weight } => $"setCanaryScale: weight {weight}",
        _ => "setCanaryScale: match traffic weight",
    };
}

/// <summary>Waits. The clock starts when the rollout reaches the step, as in Argo.</summary>
/// <param name="Duration">How long; null waits for a person.</param>
public sealed record PauseStep(TimeSpan? Duration) : Step
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Title => Duration is { } d ? $"pause: {GoDuration.Format(d)}" : "pause: until a person decides";
}

/// <summary>Runs metrics to a verdict and goes on only when it is a success.</summary>
/// <param name="Templates">The templates whose metrics make up the run, in order.</param>
/// <param name="Args">Values for the templates' arguments; they win over the templates' own.</param>
public sealed record AnalysisStep(IReadOnlyList<TemplateReference> Templates, IReadOnlyList<AnalysisArgument> Args) : Step
{
    /// <summary>Metric names, as unanchored regular expressions, whose verdict is shown but does not count. Default none.</summary>
    public IReadOnlyList<string> DryRun { get; init; } = [];

    /// <summary>How many measurements are kept. Default ten of every metric.</summary>
    public IReadOnlyList<MeasurementRetention> MeasurementRetention { get; init => field = value ?? []; } = [];

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Title => $"analysis: {string.Join(", ", Templates.Select(t => t.Name))}";
}

/// <summary>Sends requests with a given header to the canary, whatever its weight.</summary>
/// <param name="Name">The route's name; a later step with the same name replaces it.</param>
/// <param name="Match">What a request must carry; empty removes the route.</param>
public sealed record SetHeaderRouteStep(string Name, IReadOnlyList<HeaderMatch> Match) : Step
{
    /// <summary>See <see cref="HeaderRoute.AnyMatch"/>.</summary>
    public bool AnyMatch { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Title => Match.Count == 0
        ? $"setHeaderRoute: remove {Name}"
        : $"setHeaderRoute: {Name} ({string.Join(", ", Match)})";
}

/// <summary>Copies requests to the canary, whose answers nobody sees.</summary>
/// <param name="Name">The route's name; a later step with the same name replaces it.</param>
/// <param name="Match">Requests of any of these are copied; empty removes the route.</param>
/// <param name="Percentage">How many of them, 0 to 100.</param>
public sealed record SetMirrorRouteStep(string Name, IReadOnlyList<RequestMatch> Match, int Percentage) : Step
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Title => Match.Count == 0
        ? $"setMirrorRoute: remove {Name}"
        : $"setMirrorRoute: {Name} ({Percentage} % of {string.Join(", or ", Match)})";
}
