using Microsoft.AspNetCore.Http;
using Rollouts.Approvals;
using Rollouts.Approvals.Charts;
using Rollouts.Approvals.Links;
using Rollouts.Engine;
using Rollouts.Http.Pages;
using Rollouts.Questions;

namespace Rollouts.Http.Approvals;

/// <summary>The pictures in messages: whoever has the signed address sees it, as chat's own servers do, until the question closes.</summary>
public sealed class ChartPictures(IRolloutEngine engine, ApprovalDesk desk)
{
    private const string Ending = ".png";

    /// <summary><c>GET /charts/{name}</c>: a PNG; 404 for an address that was not signed here, 410 for one that has expired.</summary>
    public async Task<IResult> ShowAsync(HttpContext http, string name)
    {
        LinkReading read = desk.Links is { } links && name.EndsWith(Ending, StringComparison.Ordinal)
            ? links.Read(name[..^Ending.Length], LinkPurpose.Chart)
            : new LinkReading(LinkOutcome.NotGenuine, null);
        if (read.Link is not { } link)
        {
            return Problems.Of(StatusCodes.Status404NotFound, "No such picture", "this address was not made here");
        }

        if (read.Outcome == LinkOutcome.Expired)
        {
            return Problems.Of(StatusCodes.Status410Gone, "No longer shown", "the address has expired");
        }

        if (await engine.FindAsync(link.Rollout, http.RequestAborted).ConfigureAwait(false) is not { } status)
        {
            return Problems.NotFound(link.Rollout);
        }

        SecurityHeaders.Set(http.Response, "default-src 'none'; frame-ancestors 'none'");
        http.Response.Headers.CacheControl = "private, max-age=60";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Results.Bytes(MeasurementChart.Draw(QuestionEvidence.Of(status)), "image/png");
    }
}
