namespace Rollouts.Analysis;

/// <summary>What a metric asks Prometheus. The operator's own credentials are not part of it: they belong to the configuration of the address.</summary>
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

    /// <summary>Asks for the values over a span of time instead of those of now. Default null.</summary>
    public PrometheusRange? Range { get; init; }

    /// <summary>Takes any certificate, if the operator allows that for the address. Default false.</summary>
    public bool Insecure { get; init; }

    /// <summary>A user name and password from secrets. Default none.</summary>
    public QueryBasicAuth? BasicAuth { get; init; }

    /// <summary>Asks with a token of these credentials. Default none.</summary>
    public OAuth2Client? OAuth2 { get; init; }
}

/// <summary>The span of a range query.</summary>
/// <param name="Start">An expression that gives a time, for instance <c>now() - duration("1h")</c>.</param>
/// <param name="End">The same.</param>
/// <param name="Step">A Go duration.</param>
public sealed record PrometheusRange(string Start, string End, string Step);

/// <summary>An HTTP header of a query.</summary>
public sealed record QueryHeader(string Key, string Value)
{
    /// <summary>Whether the value comes from a secret, which is what makes a credential's header acceptable. Default false.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The name, and the value unless it is a secret's.</summary>
    public override string ToString() => $"{Key}: {(IsSecret ? MetricSecrets.Redacted : Value)}";
}

/// <summary>User name and password.</summary>
public sealed record QueryBasicAuth(string Username, string Password)
{
    /// <summary>Shows neither.</summary>
    public override string ToString() => $"basic authentication {MetricSecrets.Redacted}";
}

/// <summary>OAuth 2.0 client credentials (RFC 6749, 4.4).</summary>
/// <param name="TokenUrl">Where tokens are had; one of the operator's token addresses.</param>
/// <param name="ClientId">The client.</param>
/// <param name="ClientSecret">From a secret.</param>
/// <param name="Scopes">Default none.</param>
public sealed record OAuth2Client(string TokenUrl, string ClientId, string ClientSecret, IReadOnlyList<string> Scopes)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"client {ClientId} of {TokenUrl}";
}
