using Rollouts.Outbound;

namespace Rollouts.Prometheus;

/// <summary>
/// The metric stores that templates may ask (section <c>Prometheus</c> of the configuration). A template's address is only ever compared with
/// these: what is not listed is not contacted.
/// </summary>
public sealed record PrometheusOptions
{
    /// <summary>Default none: every query is refused.</summary>
    public IReadOnlyList<PrometheusAddress> Addresses { get; init; } = [];

    /// <summary>The address of metrics that name none; one of <see cref="Addresses"/>. Default none: such metrics are refused.</summary>
    public string? DefaultAddress { get; init; }

    /// <summary>
    /// Where the OAuth 2.0 credentials of templates may be sent: http or https URLs, below which a template's may go on. Default none.
    /// </summary>
    public IReadOnlyList<string> TokenAddresses { get; init; } = [];

    /// <summary>A server without credentials, for all metrics.</summary>
    public static PrometheusOptions For(string address) =>
        new() { Addresses = [new PrometheusAddress { Address = address }], DefaultAddress = address };
}

/// <summary>A metric store and how to show who asks.</summary>
public sealed record PrometheusAddress
{
    /// <summary>
    /// Required. An http or https URL: scheme, host and port must be a template's own, its path may go on below this one
    /// (<c>https://mimir/prometheus</c> also allows <c>https://mimir/prometheus/team-a</c>).
    /// </summary>
    public required string Address { get; init; }

    /// <summary>User name and password. Default none; not together with a bearer token.</summary>
    public BasicAuth? BasicAuth { get; init; }

    /// <summary>A bearer token. Default none. Not together with <see cref="BearerTokenFile"/>, which a changed token does not need a restart with.</summary>
    public string? BearerToken { get; init; }

    /// <summary>A file with a bearer token, read for every query. Default none.</summary>
    public string? BearerTokenFile { get; init; }

    /// <summary>A PEM file with the certificates of the authorities to trust instead of the system's. Only with https. Default: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether a template may ask for <c>insecure</c>, which takes any certificate. Default false.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>The address alone: what else stands here is secret.</summary>
    public override string ToString() => AddressForm.Show(Address);
}

/// <summary>User name and password.</summary>
public sealed record BasicAuth
{
    /// <summary>Required, without a colon.</summary>
    public required string Username { get; init; }

    /// <summary>The password, if not in a file.</summary>
    public string? Password { get; init; }

    /// <summary>A file with the password, read for every query.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The user name alone.</summary>
    public override string ToString() => Username;
}
