using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace RolloutFunctions.Http;

/// <summary>Who calls, where App Service authentication stands before the app.</summary>
internal static class AppServicePrincipal
{
    private const string NameHeader = "X-MS-CLIENT-PRINCIPAL-NAME";

    // Set by the platform; only then does it take the header from callers.
    private static readonly bool IsOn = string.Equals(
        Environment.GetEnvironmentVariable("WEBSITE_AUTH_ENABLED"), "true", StringComparison.OrdinalIgnoreCase);

    public static HttpContext WithPrincipal(this HttpRequest request)
    {
        HttpContext http = request.HttpContext;
        if (IsOn && request.Headers[NameHeader].FirstOrDefault() is { Length: > 0 } name)
        {
            http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "AppService"));
        }

        return http;
    }
}
