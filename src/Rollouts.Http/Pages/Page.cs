using System.Text;
using Microsoft.AspNetCore.Http;

namespace Rollouts.Http.Pages;

/// <summary>
/// A whole page. Everything that it needs stands in it or on this server; it is sent with <see cref="SecurityHeaders"/> and a policy that lets in its own
/// styles and scripts by their hashes.
/// </summary>
internal sealed record Page : IResult
{
    /// <summary>Required. What the window is called.</summary>
    public required string Title { get; init; }

    /// <summary>Required. What stands in <c>main</c>.</summary>
    public required Html Body { get; init; }

    /// <summary>What stands before <c>main</c>. Default nothing.</summary>
    public Html Header { get; init; } = Html.None;

    /// <summary>Default 200.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Styles beside <see cref="PageStyle"/>. Default none.</summary>
    public IReadOnlyList<InlineAsset> Styles { get; init; } = [];

    /// <summary>Scripts, run as modules once the page stands. Default none.</summary>
    public IReadOnlyList<InlineAsset> Scripts { get; init; } = [];

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        InlineAsset[] styles = [PageStyle.Asset, .. Styles];
        SecurityHeaders.Set(httpContext.Response, SecurityHeaders.PolicyOf(styles, Scripts));
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        return httpContext.Response.WriteAsync(Write(styles), httpContext.RequestAborted);
    }

    private string Write(InlineAsset[] styles)
    {
        StringBuilder page = new();
        page.Append(Html.Of(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex, nofollow">
            <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath d='M0 7h3V4h2V1h3v7H0z' fill='%230969da'/%3E%3C/svg%3E">
            <title>{Title}</title>

            """));
        foreach (InlineAsset style in styles)
        {
            page.Append("<style>").Append(style.Text).Append("</style>\n");
        }

        page.Append(Html.Of(
            $"""
            </head>
            <body>
            {Header}
            <main>
            {Body}
            </main>

            """));
        foreach (InlineAsset script in Scripts)
        {
            page.Append("<script type=\"module\">").Append(script.Text).Append("</script>\n");
        }

        return page.Append("</body>\n</html>\n").ToString();
    }
}
