using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Rollouts.Http.Access;

namespace RolloutFunctions.Http;

/// <summary>Who calls: whom App Service authentication names; where it is off, whoever the host let in by a function key.</summary>
internal sealed class HostPrincipals(AccessRoles roles) : IPrincipalSource
{
    private static readonly bool IsOn = string.Equals(
        Environment.GetEnvironmentVariable(AppServicePrincipals.EnabledVariable), "true", StringComparison.OrdinalIgnoreCase);

    private readonly AppServicePrincipals appService = new(IsOn);

    private readonly ClaimsPrincipal keyHolder = new(new ClaimsIdentity(
        new[] { roles.Read, roles.Start, roles.Decide }.Select(r => new Claim(ClaimTypes.Role, r)), "FunctionKey"));

    /// <inheritdoc/>
    public ClaimsPrincipal? Identify(HttpContext http) => IsOn ? appService.Identify(http) : keyHolder;

    /// <inheritdoc/>
    public IResult SignIn(HttpContext http) => appService.SignIn(http);
}
