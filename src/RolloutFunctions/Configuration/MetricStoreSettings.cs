using Rollouts.Prometheus;

namespace RolloutFunctions.Configuration;

/// <summary>The metric stores that may be asked, under <c>Prometheus</c>.</summary>
public sealed record MetricStoreSettings
{
    /// <summary>The stores. Default none: metrics of Prometheus can't be measured.</summary>
    public IReadOnlyList<MetricStoreAddress> Addresses { get; init; } = [];

    /// <summary>The address of metrics that name none. Default none: such metrics can't be measured.</summary>
    public string? DefaultAddress { get; init; }

    /// <summary>Where the OAuth 2.0 credentials of templates may be sent. Default nowhere.</summary>
    public IReadOnlyList<string> TokenAddresses { get; init; } = [];

    /// <summary>The same as the provider takes it, but for tokens of the app's identity.</summary>
    public PrometheusOptions Options() => new()
    {
        Addresses = [.. Addresses.Select(a => a.Options())],
        DefaultAddress = DefaultAddress,
        TokenAddresses = TokenAddresses,
    };
}

/// <summary>A metric store, with at most one way to show who asks.</summary>
public sealed record MetricStoreAddress
{
    /// <summary>Required. http or https.</summary>
    public string? Address { get; init; }

    /// <summary>Basic authentication. Default none.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password, if not in a file.</summary>
    public string? Password { get; init; }

    /// <summary>A file with the password.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>A bearer token. Default none.</summary>
    public string? BearerToken { get; init; }

    /// <summary>A file with a bearer token.</summary>
    public string? BearerTokenFile { get; init; }

    /// <summary>A token of the app's Azure identity, for Azure Monitor's managed Prometheus. Only with https. Default false.</summary>
    public bool Entra { get; init; }

    /// <summary>A PEM file with the authorities to trust instead of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether a template may ask for <c>insecure</c>, which takes any certificate. Default false.</summary>
    public bool AllowInsecure { get; init; }

    internal PrometheusAddress Options() => new()
    {
        Address = Address ?? "",
        BasicAuth = Username is { } user ? new BasicAuth { Username = user, Password = Password, PasswordFile = PasswordFile } : null,
        BearerToken = BearerToken,
        BearerTokenFile = BearerTokenFile,
        CaFile = CaFile,
        AllowInsecure = AllowInsecure,
    };
}
