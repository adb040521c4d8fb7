using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rollouts.Http.Approvals;

namespace Rollouts.Http;

/// <summary>
/// For a server without accounts on a person's own machine: a web page open in the same person's browser may not reach it, neither by a request of its own
/// (its <c>Origin</c> is foreign) nor by a name that it makes point to 127.0.0.1 (the <c>Host</c> is foreign).
/// </summary>
public static class LoopbackOnly
{
    /// <param name="app">The server.</param>
    /// <param name="publicAddress">
    /// Where a proxy or tunnel makes chat callbacks and signed pages reachable from outside; these carry their own proof. Default: nothing is.
    /// </param>
    public static IApplicationBuilder UseLoopbackOnly(this IApplicationBuilder app, Uri? publicAddress = null) => app.Use(async (http, next) =>
    {
        string? origin = http.Request.Headers.Origin.FirstOrDefault();
        if (publicAddress is not null && ApprovalRoutes.IsOpen(http.Request.Path) && http.Request.Host.Host == publicAddress.Host
            && (origin is null || origin == publicAddress.GetLeftPart(UriPartial.Authority) || IsOwnWithoutName(origin, http.Request)))
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        bool foreign = !IsLoopback(http.Request.Host.Host) || (origin is not null && !IsOwn(origin, http.Request));
        if (foreign)
        {
            await Problems.Of(StatusCodes.Status403Forbidden, "Loopback only", "this server answers requests to and from this machine only")
                .ExecuteAsync(http).ConfigureAwait(false);
            return;
        }

        await next(http).ConfigureAwait(false);
    });

    private static bool IsOwn(string origin, HttpRequest request) =>
        IsOwnWithoutName(origin, request) || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && IsLoopback(from.Host));

    /// <summary>A form on a page that sends no referrer has the origin <c>null</c>; then the browser's other word counts.</summary>
    private static bool IsOwnWithoutName(string origin, HttpRequest request) =>
        origin == "null" && request.Headers["Sec-Fetch-Site"].FirstOrDefault() == "same-origin";

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
