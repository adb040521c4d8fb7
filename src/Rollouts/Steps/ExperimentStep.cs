using System.Text.Json.Serialization;
using Rollouts.Workloads;

namespace Rollouts.Steps;

/// <summary>
/// Starts pods of both versions beside the rollout, which get no users' requests, and measures them. It ends once its duration has passed since they were
/// all available, or, where analyses are required, once these have succeeded (Argo: <c>experiments/experiment.go</c>).
/// </summary>
/// <param name="Templates">The sides.</param>
/// <param name="Analyses">What is measured, from when all pods are available. Default none.</param>
/// <param name="Duration">How long; null until the required analyses are done.</param>
public sealed record ExperimentStep(
    IReadOnlyList<ExperimentTemplate> Templates, IReadOnlyList<ExperimentAnalysis> Analyses, TimeSpan? Duration) : Step
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Title => $"experiment: {string.Join(", ", Templates.Select(t => t.Name))}{(Duration is { } d ? $" for {GoDuration.Format(d)}" : "")}";
}

/// <summary>A side of an experiment.</summary>
/// <param name="Name">Unique in the step.</param>
/// <param name="From">Whose pod template (<c>specRef</c>).</param>
/// <param name="Replicas">How many pods.</param>
public sealed record ExperimentTemplate(string Name, WorkloadRole From, int Replicas)
{
    /// <summary>Labels and annotations for the pods. Null is none.</summary>
    public PodMetadata? Metadata { get; init; }
}

/// <summary>An analysis of an experiment.</summary>
/// <param name="Name">Unique in the step. Where there are several, their metrics are called <c>name/metric</c>.</param>
/// <param name="Analysis">The template and its arguments.</param>
/// <param name="Required">Whether the experiment ends with it (<c>requiredForCompletion</c>).</param>
public sealed record ExperimentAnalysis(string Name, AnalysisStep Analysis, bool Required);
