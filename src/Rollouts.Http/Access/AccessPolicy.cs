using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rollouts.Http.Access;

/// <summary>
/// Who may do what. Every handler asks it first, whatever stands before the app, so that no host and no route can forget to; without a proof of who
/// calls, nothing is open.
/// </summary>
/// <param name="principals">Who calls.</param>
/// <param name="roles">Which roles give which right.</param>
public sealed class AccessPolicy(IPrincipalSource principals, AccessRoles roles)
{
    /// <summary>Null when the caller may; <see cref="HttpContext.User"/> is then set. Otherwise 401 or 403 as problem details.</summary>
    public IResult? Refuse(HttpContext http, Right right)
    {
        if (right != Right.Read && IsFromForeignPage(http.Request))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "Not from another page", "what a page of another site sends is not acted upon");
        }

        if (principals.Identify(http) is not { } principal)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.Of(StatusCodes.Status401Unauthorized, "Not signed in", "send a bearer token, or sign in with a browser");
        }

        http.User = principal;
        return Has(principal, right)
            ? null
            : Problems.Of(
                StatusCodes.Status403Forbidden,
                "Not allowed",
                $"{principal.Identity?.Name ?? "this caller"} lacks the role {string.Join(" or ", roles.For(right))}");
    }

    /// <summary>As <see cref="Refuse"/>, for a page: whoever is not signed in is asked to.</summary>
    public IResult? RefusePage(HttpContext http, Right right) =>
        principals.Identify(http) is null ? principals.SignIn(http) : Refuse(http, right);

    /// <summary>Whether a caller has a right, for a page that shows only the buttons that will work.</summary>
    public bool Has(ClaimsPrincipal principal, Right right) => roles.For(right).Any(principal.IsInRole);

    /// <summary>
    /// Browsers say from where a request comes; a page of another site could use the cookie of somebody who is signed in. Other clients have neither
    /// header, and no cookie.
    /// </summary>
    private static bool IsFromForeignPage(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].FirstOrDefault() is { } site)
        {
            return site is not ("same-origin" or "none");
        }

        return request.Headers[HeaderNames.Origin].FirstOrDefault() is { } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
