namespace Rollouts.Analysis;

/// <summary>A value that some web service answers with (Argo's <c>web</c> provider).</summary>
public sealed record WebQuery
{
    /// <summary>GET, POST or PUT. Default GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Required. http or https, below an address that the operator allows.</summary>
    public required string Url { get; init; }

    /// <summary>Default none.</summary>
    public IReadOnlyList<QueryHeader> Headers { get; init; } = [];

    /// <summary>Sent as it is, with POST or PUT. Default none.</summary>
    public string? Body { get; init; }

    /// <summary>JSON, sent as <c>application/json</c>, with POST or PUT. Default none; not together with <see cref="Body"/>.</summary>
    public string? JsonBody { get; init; }

    /// <summary>How long the request may take, in seconds. Default 10, as in Argo.</summary>
    public int TimeoutSeconds { get; init; } = 10;

    /// <summary>Which part of the answer is the result, as <c>kubectl</c> writes it, for instance <c>{$.data.ok}</c>. Null takes the whole.</summary>
    public string? JsonPath { get; init; }

    /// <summary>Takes any certificate, if the operator allows that for the address. Default false.</summary>
    public bool Insecure { get; init; }

    /// <summary>Asks with a token of these credentials. Default none.</summary>
    public OAuth2Client? OAuth2 { get; init; }
}
