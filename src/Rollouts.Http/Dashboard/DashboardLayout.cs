using Microsoft.AspNetCore.Http;
using Rollouts.Http.Pages;

namespace Rollouts.Http.Dashboard;

/// <summary>What all pages of the dashboard have around them.</summary>
internal static class DashboardLayout
{
    public const string Rollouts = "/rollouts";
    public const string Ledger = "/ledger";

    private static readonly InlineAsset Style = InlineAsset.FromFile("Dashboard.dashboard.css");
    private static readonly InlineAsset Script = InlineAsset.FromFile("Dashboard.dashboard.js");

    /// <param name="http">What is answered; the site may stand under a prefix.</param>
    /// <param name="title">Of the window.</param>
    /// <param name="current">The page's place in the navigation; null: none of them.</param>
    /// <param name="body">The content.</param>
    /// <param name="status">The answer's status.</param>
    public static Page Page(HttpContext http, string title, string? current, Html body, int status = StatusCodes.Status200OK) => new()
    {
        Title = title == "Rollouts" ? title : $"{title} · Rollouts",
        Status = status,
        Styles = [Style],
        Scripts = [Script],
        Header = Html.Of(
            $"""
            <a class="skip" href="#content">To the content</a>
            <header><nav aria-label="Dashboard"><ul>{Link(http, Rollouts, "Rollouts", current)}{Link(http, Ledger, "Ledger", current)}</ul></nav></header>
            """),
        Body = Html.Of(
            $"""
            <div id="content">{body}</div>
            <p id="connection" class="faint"></p>
            <p id="announcement" class="unseen" role="status"></p>
            """),
    };

    /// <summary>A page without navigation and script, for those who are not signed in.</summary>
    public static Page Plain(string title, Html body, int status) => new() { Title = title, Status = status, Styles = [Style], Body = body };

    private static Html Link(HttpContext http, string path, string name, string? current) => path == current
        ? Html.Of($"<li><a href=\"{http.Request.PathBase.Value}{path}\" aria-current=\"page\">{name}</a></li>")
        : Html.Of($"<li><a href=\"{http.Request.PathBase.Value}{path}\">{name}</a></li>");
}
