using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Rollouts.Http.Access;

namespace RolloutFunctions.Http;

/// <summary>
/// Callers that the host let in by a function key: the key gives every right. Where App Service authentication names the caller too, the journal has
/// that name.
/// </summary>
internal sealed class KeyHolders(AppServicePrincipals named, AccessRoles roles) : IPrincipalSource
{
    /// <inheritdoc/>
    public ClaimsPrincipal Identify(HttpContext http)
    {
        ClaimsIdentity identity = new("FunctionKey", ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaims(new[] { roles.Read, roles.Start, roles.Decide }.Select(r => new Claim(ClaimTypes.Role, r)));
        if (named.Identify(http)?.Identity?.Name is { } name)
        {
            identity.AddClaim(new Claim(ClaimTypes.Name, name));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <inheritdoc/>
    public IResult SignIn(HttpContext http) =>
        Results.Problem($"people sign in under {SignedInSite.Prefix}; this path takes a function key", statusCode: StatusCodes.Status401Unauthorized, title: "Nobody signs in here");
}
