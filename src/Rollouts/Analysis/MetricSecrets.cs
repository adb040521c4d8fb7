namespace Rollouts.Analysis;

/// <summary>What a metric needs of secrets. Its texts keep their placeholders until a measurement is taken; no value of a secret is ever part of a rollout.</summary>
public sealed record MetricSecrets
{
    /// <summary>What stands in the place of a secret wherever one could show.</summary>
    public const string Redacted = "*****";

    /// <summary>Required. Where the secrets are.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster that they are in. Null, the default, is the one that serves the namespace.</summary>
    public string? Cluster { get; init; }

    /// <summary>Required. By the name of the argument.</summary>
    public required IReadOnlyDictionary<string, SecretReference> References { get; init; }

    /// <summary>Required. The fields that are filled when a measurement is taken, as the manifest names them within the metric.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>The other arguments in those fields. Default none.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}
