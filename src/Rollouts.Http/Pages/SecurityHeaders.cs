using Microsoft.AspNetCore.Http;

namespace Rollouts.Http.Pages;

/// <summary>What every page and picture is sent with: it is not kept, not indexed, not framed, and leaves no trace of its address elsewhere.</summary>
internal static class SecurityHeaders
{
    public static void Set(HttpResponse response, string policy)
    {
        IHeaderDictionary headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex, nofollow";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }

    /// <summary>Nothing is loaded but what the page names; forms go to this server only.</summary>
    /// <param name="styles">The page's styles.</param>
    /// <param name="scripts">The page's scripts; those that are there may talk to this server.</param>
    public static string PolicyOf(IEnumerable<InlineAsset> styles, IReadOnlyCollection<InlineAsset> scripts)
    {
        string script = scripts.Count == 0 ? "" : $" script-src {string.Join(' ', scripts.Select(s => s.Source))}; connect-src 'self';";
        return $"default-src 'none';{script} style-src {string.Join(' ', styles.Select(s => s.Source))}; img-src 'self' data:; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'";
    }
}
