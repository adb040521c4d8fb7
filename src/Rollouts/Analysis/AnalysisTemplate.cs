using System.Text.Json.Serialization;

namespace Rollouts.Analysis;

/// <summary>Metrics with arguments left open. Text fields may hold <c>{{args.name}}</c>.</summary>
public sealed record AnalysisTemplate
{
    /// <summary>Required.</summary>
    public required string Name { get; init; }

    /// <summary>True for a ClusterAnalysisTemplate. Default false.</summary>
    public bool ClusterScope { get; init; }

    /// <summary>The arguments that the metrics use. Default none.</summary>
    public IReadOnlyList<TemplateArgument> Args { get; init; } = [];

    /// <summary>Required, at least one unless <see cref="Templates"/> brings some.</summary>
    public required IReadOnlyList<MetricTemplate> Metrics { get; init; }

    /// <summary>Templates whose metrics are added. Default none.</summary>
    public IReadOnlyList<TemplateReference> Templates { get; init => field = value ?? []; } = [];

    /// <summary>Metric names, as unanchored regular expressions, whose verdict does not count. Default none.</summary>
    public IReadOnlyList<string> DryRun { get; init; } = [];

    /// <summary>How many measurements are kept. Default ten of every metric.</summary>
    public IReadOnlyList<MeasurementRetention> MeasurementRetention { get; init => field = value ?? []; } = [];
}

/// <summary>How many measurements of some metrics are kept in the state of a rollout; the journal has all of them.</summary>
/// <param name="MetricName">A metric's name, or an unanchored regular expression.</param>
/// <param name="Limit">Up to 50; 0 stands for ten, as in Argo.</param>
public sealed record MeasurementRetention(string MetricName, int Limit);

/// <summary>A metric as written in a template; see <see cref="Metric"/> for the meaning of each field once its arguments are filled in.</summary>
public sealed record MetricTemplate
{
    public required string Name { get; init; }
    public string? Interval { get; init; }
    public string? InitialDelay { get; init; }
    public string? Count { get; init; }
    public string? SuccessCondition { get; init; }
    public string? FailureCondition { get; init; }
    public string? FailureLimit { get; init; }
    public string? InconclusiveLimit { get; init; }
    public string? ConsecutiveErrorLimit { get; init; }
    public string? ConsecutiveSuccessLimit { get; init; }
    public PrometheusQuery? Prometheus { get; init; }
    public WebQuery? Web { get; init; }
}

/// <summary>An argument that a template declares.</summary>
/// <param name="Name">Used as <c>{{args.NAME}}</c>.</param>
/// <param name="Value">The default; null makes the argument required.</param>
public sealed record TemplateArgument(string Name, string? Value)
{
    /// <summary>The secret that holds the value; it is read when a measurement is taken. Default none.</summary>
    public SecretReference? Secret { get; init; }

    /// <summary>The field of the Rollout manifest that holds the value. Default none.</summary>
    public string? FieldPath { get; init; }
}

/// <summary>A template that an analysis uses.</summary>
/// <param name="Name">The template's name.</param>
/// <param name="ClusterScope">True looks for a ClusterAnalysisTemplate.</param>
public sealed record TemplateReference(string Name, bool ClusterScope)
{
    /// <summary>The key of the template in a release.</summary>
    [JsonIgnore]
    public string Key => ClusterScope ? $"cluster/{Name}" : Name;
}

/// <summary>A value that a rollout gives to an argument: a text, or the pod-template hash of one of its versions.</summary>
/// <param name="Name">The argument's name.</param>
/// <param name="Value">The text; null when <paramref name="PodTemplateHash"/> is given.</param>
/// <param name="PodTemplateHash">Which version's hash; null when <paramref name="Value"/> is given.</param>
public sealed record AnalysisArgument(string Name, string? Value, PodTemplateHash? PodTemplateHash = null)
{
    /// <summary>The field of the Rollout manifest that holds the value. Default none.</summary>
    public string? FieldPath { get; init; }
}

/// <summary>Which version's pod-template hash (<c>podTemplateHashValue</c> in Argo).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PodTemplateHash>))]
public enum PodTemplateHash
{
    /// <summary>The version that users have now.</summary>
    Stable,

    /// <summary>The version that is tried.</summary>
    Latest,
}
