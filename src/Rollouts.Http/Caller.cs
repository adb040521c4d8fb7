using Microsoft.AspNetCore.Http;
using Rollouts.Approvals.Deciders;
using Rollouts.Journal;

namespace Rollouts.Http;

/// <summary>Who is calling.</summary>
internal static class Caller
{
    /// <summary>The authenticated name where the host has one, else the name that the caller gives, else <c>api</c>.</summary>
    public static string Of(HttpContext http, string? given) =>
        http.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : given ?? "api";

    /// <summary>
    /// Who asks for a release, as policies know people: a person who is signed in, by mail address or object id; for an application or the holder of a key
    /// the <c>?requester=</c> that a pipeline gives for the person behind it, else the application's object id; null when neither is known.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="requester">Who.</param>
    /// <returns>Why the request is refused: a person asks for themselves only, since whoever asks may have no say later. Null when it is not.</returns>
    public static string? ReadRequester(HttpContext http, out string? requester)
    {
        string? given = http.Request.Query["requester"].FirstOrDefault() is { Length: > 0 and <= 200 } text ? text : null;
        Actor? actor = EntraActors.Of(http.User, []);
        string? id = actor is null ? null : $"{actor.Provider}:{actor.Id}";
        string? known = actor?.Mail ?? id;
        bool isPerson = actor is not null && EntraActors.IsPerson(http.User);
        requester = isPerson ? known : given ?? known;
        return !isPerson || given is null || Same(given, known) || Same(given, id)
            ? null
            : $"?requester= (--requester) says {given}, and {known} is signed in, who is taken for who asks: leave it out; only an application or the holder of a key may ask for somebody else";
    }

    /// <summary>Over which channel a decision comes: only browsers send <c>Sec-Fetch-Site</c>, and pages of other sites are refused.</summary>
    public static string ChannelOf(HttpContext http) =>
        http.Request.Headers.ContainsKey("Sec-Fetch-Site") ? "dashboard"
        : http.Request.Headers.UserAgent.FirstOrDefault()?.StartsWith("rollouts-cli", StringComparison.Ordinal) == true ? "cli"
        : "api";

    private static bool Same(string given, string? known) => string.Equals(given, known, StringComparison.OrdinalIgnoreCase);
}
