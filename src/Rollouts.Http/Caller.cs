using Microsoft.AspNetCore.Http;

namespace Rollouts.Http;

/// <summary>Who is calling.</summary>
internal static class Caller
{
    /// <summary>The authenticated name where the host has one, else the name that the caller gives, else <c>api</c>.</summary>
    public static string Of(HttpContext http, string? given) =>
        http.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : given ?? "api";

    /// <summary>Over which channel a decision comes: only browsers send <c>Sec-Fetch-Site</c>, and pages of other sites are refused.</summary>
    public static string ChannelOf(HttpContext http) =>
        http.Request.Headers.ContainsKey("Sec-Fetch-Site") ? "dashboard"
        : http.Request.Headers.UserAgent.FirstOrDefault()?.StartsWith("rollouts-cli", StringComparison.Ordinal) == true ? "cli"
        : "api";
}
