using Microsoft.AspNetCore.Http;
using Rollouts.Http.Dashboard;
using Rollouts.Http.Pages;

namespace Rollouts.Http.Access;

/// <summary>Signs a browser in where one token is all there is: by a link that works once, or by the token itself.</summary>
public sealed class SignInPages(SharedToken access)
{
    private const int MostCharacters = 4096;

    /// <summary><c>GET /sign-in?code=…&amp;to=…</c>: uses up a link; without one, asks for the token.</summary>
    public IResult Get(HttpContext http)
    {
        string to = PathOf(http.Request.Query["to"].FirstOrDefault());
        string? code = http.Request.Query["code"].FirstOrDefault();
        return code is not null && access.TryUseLink(code) ? SignedIn(http, to)
            : access.Identify(http) is not null ? Results.Redirect(to)
            : Ask(to, code is null ? null : "This link has been used, or is of a server that has ended.");
    }

    /// <summary><c>POST /sign-in</c> with the token.</summary>
    public async Task<IResult> PostAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > MostCharacters)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "Not a sign-in", "send the form");
        }

        IFormCollection form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        string to = PathOf(form["to"].FirstOrDefault());
        return access.IsToken(form["token"].ToString().Trim()) ? SignedIn(http, to) : Ask(to, "That is not the token of this server.");
    }

    /// <summary>
    /// The page goes on by itself. A redirect would be followed without the cookie where the link was opened from another site's page, because the cookie
    /// is this site's only.
    /// </summary>
    private Page SignedIn(HttpContext http, string to)
    {
        access.BeginSession(http);
        http.Response.Headers["Refresh"] = $"0; url={to}";
        return DashboardLayout.Plain("Signed in", Html.Of($"<h1>Signed in</h1><p><a href=\"{to}\">Go on</a></p>"), StatusCodes.Status200OK);
    }

    private static Page Ask(string to, string? problem) => DashboardLayout.Plain(
        "Sign in",
        Html.Of(
            $"""
            <h1>Sign in</h1>
            {Html.When(problem is not null, $"<p class=\"bad\" role=\"alert\">{problem}</p>")}
            <form method="post" action="/sign-in">
            <input type="hidden" name="to" value="{to}">
            <label for="token">The token that <code>rollouts serve</code> printed</label>
            <input id="token" name="token" type="password" autocomplete="current-password" required>
            <div class="buttons"><button type="submit">Sign in</button></div>
            </form>
            """),
        StatusCodes.Status401Unauthorized);

    /// <summary>A path of this server; anything else leads to its start.</summary>
    private static string PathOf(string? to) =>
        to is { Length: > 1 and < 500 } && to[0] == '/' && to[1] is not ('/' or '\\') && Uri.TryCreate(to, UriKind.Relative, out _) && !to.Any(char.IsControl)
            ? to
            : DashboardLayout.Rollouts;
}
