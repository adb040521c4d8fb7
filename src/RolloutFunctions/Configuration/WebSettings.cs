using Rollouts.Web;

namespace RolloutFunctions.Configuration;

/// <summary>The web services that templates may ask, under <c>Web</c>. Default none.</summary>
public sealed record WebSettings
{
    /// <summary>The services.</summary>
    public IReadOnlyList<WebServiceAddress> Addresses { get; init; } = [];

    /// <summary>Where the OAuth 2.0 credentials of templates may be sent. Default nowhere.</summary>
    public IReadOnlyList<string> TokenAddresses { get; init; } = [];

    /// <summary>The same as the provider takes it.</summary>
    public WebOptions Options() => new()
    {
        Addresses = [.. Addresses.Select(a => new WebAddress { Address = a.Address ?? "", CaFile = a.CaFile, AllowInsecure = a.AllowInsecure })],
        TokenAddresses = TokenAddresses,
    };
}

/// <summary>A web service.</summary>
public sealed record WebServiceAddress
{
    /// <summary>Required. http or https; a template's URL may go on below it.</summary>
    public string? Address { get; init; }

    /// <summary>A PEM file with the authorities to trust instead of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Whether a template may ask for <c>insecure</c>, which takes any certificate. Default false.</summary>
    public bool AllowInsecure { get; init; }
}

/// <summary>Templates that the operator ships with the app, under <c>Templates</c>.</summary>
public sealed record TemplateSettings
{
    /// <summary>A folder; a relative one is looked for beside the app. Default none.</summary>
    public string? Folder { get; init; }
}
