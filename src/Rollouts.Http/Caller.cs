using Microsoft.AspNetCore.Http;
using Rollouts.Approvals.Deciders;

namespace Rollouts.Http;

/// <summary>Who is calling.</summary>
internal static class Caller
{
    /// <summary>The authenticated name where the host has one, else the name that the caller gives, else <c>api</c>.</summary>
    public static string Of(HttpContext http, string? given) =>
        http.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : given ?? "api";

    /// <summary>
    /// Who asks for a release: <c>?requester=</c>, which a pipeline gives for the person behind it, else the mail address or object id of whoever is signed in;
    /// null when neither is known.
    /// </summary>
    public static string? RequesterOf(HttpContext http) =>
        http.Request.Query["requester"].FirstOrDefault() is { Length: > 0 and <= 200 } given ? given
        : EntraActors.Of(http.User, []) is { } actor ? actor.Mail ?? $"{actor.Provider}:{actor.Id}"
        : null;

    /// <summary>Over which channel a decision comes: only browsers send <c>Sec-Fetch-Site</c>, and pages of other sites are refused.</summary>
    public static string ChannelOf(HttpContext http) =>
        http.Request.Headers.ContainsKey("Sec-Fetch-Site") ? "dashboard"
        : http.Request.Headers.UserAgent.FirstOrDefault()?.StartsWith("rollouts-cli", StringComparison.Ordinal) == true ? "cli"
        : "api";
}
