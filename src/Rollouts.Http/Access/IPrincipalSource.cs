using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Rollouts.Http.Access;

/// <summary>Says who sends a request, as the host knows it.</summary>
public interface IPrincipalSource
{
    /// <summary>Null when the request does not prove who sends it. Roles are claims of the principal's role type.</summary>
    ClaimsPrincipal? Identify(HttpContext http);

    /// <summary>What a browser gets instead of a page while it is not signed in.</summary>
    IResult SignIn(HttpContext http);
}
