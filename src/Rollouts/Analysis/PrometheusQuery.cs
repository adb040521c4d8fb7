namespace Rollouts.Analysis;

/// <summary>What a metric asks Prometheus. Credentials and certificates are not part of it: they belong to the operator's configuration of the address.</summary>
public sealed record PrometheusQuery
{
    /// <summary>The server, http or https. Null or empty takes the operator's default address.</summary>
    public string? Address { get; init; }

    /// <summary>Required. PromQL.</summary>
    public required string Query { get; init; }

    /// <summary>How long one query may take, in seconds. Default 30, as in Argo.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>Sent with the query, for instance <c>X-Scope-OrgID</c>. Default none.</summary>
    public IReadOnlyList<QueryHeader> Headers { get; init; } = [];
}

/// <summary>An HTTP header of a query.</summary>
public sealed record QueryHeader(string Key, string Value);
