using Microsoft.AspNetCore.Http;
using Rollouts.Http.Pages;

namespace Rollouts.Http.Dashboard;

/// <summary>The part of a page that changes, as the script puts it in the place of the old one.</summary>
internal sealed class Fragment(Html markup) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        SecurityHeaders.Set(httpContext.Response, "default-src 'none'; frame-ancestors 'none'");
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        return httpContext.Response.WriteAsync(markup.ToString(), httpContext.RequestAborted);
    }
}
