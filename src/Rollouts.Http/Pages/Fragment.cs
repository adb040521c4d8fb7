using Microsoft.AspNetCore.Http;

namespace Rollouts.Http.Pages;

/// <summary>The part of a page that changes, as a script puts it in the place of the old one.</summary>
internal sealed class Fragment(Html markup, int status = StatusCodes.Status200OK) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        SecurityHeaders.Set(httpContext.Response, "default-src 'none'; frame-ancestors 'none'");
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        return httpContext.Response.WriteAsync(markup.ToString(), httpContext.RequestAborted);
    }
}
