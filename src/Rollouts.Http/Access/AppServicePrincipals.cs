using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Rollouts.Http.Access;

/// <summary>
/// Who calls where App Service authentication stands before the app. It takes <c>X-MS-CLIENT-PRINCIPAL</c> away from callers and sets it itself; where
/// it is off, anybody could send that header, so nobody is known.
/// </summary>
/// <param name="isOn">Whether the platform says that it stands there: its <c>WEBSITE_AUTH_ENABLED</c>.</param>
public sealed class AppServicePrincipals(bool isOn) : IPrincipalSource
{
    private const string PrincipalHeader = "X-MS-CLIENT-PRINCIPAL";
    private const string NameHeader = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const int MostCharacters = 64 * 1024;

    /// <summary>The variable that the platform sets.</summary>
    public const string EnabledVariable = "WEBSITE_AUTH_ENABLED";

    // The token's own names; the platform translates some of them, not all.
    private static readonly string[] RoleTypes = ["roles", "role"];
    private static readonly string[] NameTypes = ["preferred_username", "upn", ClaimTypes.Upn, "name", "app_displayname", "azp", "appid"];

    /// <inheritdoc/>
    public ClaimsPrincipal? Identify(HttpContext http)
    {
        if (!isOn || http.Request.Headers[PrincipalHeader].FirstOrDefault() is not { Length: > 0 and <= MostCharacters } header || Read(header) is not { } given)
        {
            return null;
        }

        ClaimsIdentity identity = new(given.Scheme ?? "AppService", ClaimTypes.Name, ClaimTypes.Role);
        string? name = http.Request.Headers[NameHeader].FirstOrDefault() is { Length: > 0 } said
            ? said
            : NameTypes.Append(given.NameType).Select(t => given.Claims.FirstOrDefault(c => c.Type == t)?.Value).FirstOrDefault(v => v is { Length: > 0 });
        if (name is not null)
        {
            // First, because the first is the identity's name: the sign-in name, not the name that people may choose for themselves.
            identity.AddClaim(new Claim(ClaimTypes.Name, name));
        }

        foreach (GivenClaim claim in given.Claims.Where(c => c.Type is not null && c.Value is not null))
        {
            bool role = RoleTypes.Contains(claim.Type) || claim.Type == given.RoleType;
            identity.AddClaim(new Claim(role ? ClaimTypes.Role : claim.Type!, claim.Value!));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <inheritdoc/>
    public IResult SignIn(HttpContext http) => isOn
        ? Results.Redirect($"/.auth/login/aad?post_login_redirect_uri={Uri.EscapeDataString(http.Request.PathBase + http.Request.Path + http.Request.QueryString)}")
        : Problems.Of(StatusCodes.Status401Unauthorized, "Nobody can sign in", "App Service authentication is off for this app; turn it on");

    private static GivenPrincipal? Read(string header)
    {
        try
        {
            return JsonSerializer.Deserialize(Convert.FromBase64String(header), GivenPrincipalJson.Default.GivenPrincipal);
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>The header's content.</summary>
internal sealed record GivenPrincipal
{
    [JsonPropertyName("auth_typ")]
    public string? Scheme { get; init; }

    [JsonPropertyName("name_typ")]
    public string? NameType { get; init; }

    [JsonPropertyName("role_typ")]
    public string? RoleType { get; init; }

    [JsonPropertyName("claims")]
    public IReadOnlyList<GivenClaim> Claims { get; init; } = [];
}

internal sealed record GivenClaim
{
    [JsonPropertyName("typ")]
    public string? Type { get; init; }

    [JsonPropertyName("val")]
    public string? Value { get; init; }
}

[JsonSerializable(typeof(GivenPrincipal))]
internal sealed partial class GivenPrincipalJson : JsonSerializerContext;
