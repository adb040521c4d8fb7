namespace Rollouts.Web;

/// <summary>
/// The web services that templates may ask (section <c>Web</c> of the configuration). A template's URL is only ever compared with these: what is not
/// listed is not contacted.
/// </summary>
public sealed record WebOptions
{
    /// <summary>Default none: every request is refused.</summary>
    public IReadOnlyList<WebAddress> Addresses { get; init; } = [];

    /// <summary>Where the OAuth 2.0 credentials of templates may be sent. Default none.</summary>
    public IReadOnlyList<string> TokenAddresses { get; init; } = [];
}

/// <summary>A web service.</summary>
public sealed record WebAddress
{
    /// <summary>Required. An http or https URL: scheme, host and port must be a template's own, its path may go on below this one.</summary>
    public required string Address { get; init; }

    /// <summary>A PEM file with the certificates of the authorities to trust instead of the system's. Only with https. Default: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether a template may ask for <c>insecure</c>, which takes any certificate. Default false.</summary>
    public bool AllowInsecure { get; init; }
}
