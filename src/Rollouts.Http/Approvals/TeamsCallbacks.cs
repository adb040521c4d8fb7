using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rollouts.Approvals;
using Rollouts.Approvals.Teams;
using Rollouts.Engine;

namespace Rollouts.Http.Approvals;

/// <summary>What Teams sends to an outgoing webhook. It tells the status and nothing more: the proof has no time in it, so a message could be sent again.</summary>
public sealed partial class TeamsCallbacks(IRolloutEngine engine, ApprovalDesk desk, ILogger<TeamsCallbacks> logger)
{
    private const int MostBytes = 64 * 1024;

    /// <summary><c>POST /api/teams/messages</c>: 200 with a message; 401 without a word for whatever Teams did not send.</summary>
    public async Task<IResult> MessageAsync(HttpContext http)
    {
        if (desk.TeamsSignature is not { } signature)
        {
            return Problems.Of(StatusCodes.Status404NotFound, "No Teams here", "the operator has set up no outgoing webhook (Teams:OutgoingToken)");
        }

        if (await RequestText.ReadBytesAsync(http, MostBytes).ConfigureAwait(false) is not { } body)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "Too large", $"at most {MostBytes} bytes are read");
        }

        if (!signature.IsGenuine(http.Request.Headers.Authorization, body))
        {
            logger.ForgedCallback("Teams");
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }

        string[] words = Said(body).Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string answer = words is [] or ["status"] or ["status", _]
            ? await ChatStatus.OfAsync(engine, words.ElementAtOrDefault(1) ?? "", http.RequestAborted).ConfigureAwait(false)
            : "Say status, or status and a rollout's id, name, or namespace/name. Decisions are made on the page that the cards open.";
        return Results.Json(new TeamsReply(WebUtility.HtmlEncode(answer).Replace("\n", "<br>", StringComparison.Ordinal)), TeamsJson.Default.TeamsReply);
    }

    /// <summary>What was said, without the mention that called us.</summary>
    private static string Said(byte[] body)
    {
        try
        {
            string text = JsonSerializer.Deserialize(body, TeamsJson.Default.TeamsCall)?.Text ?? "";
            return WebUtility.HtmlDecode(Tags().Replace(Mention().Replace(text, " "), " ")).Replace('\u00a0', ' ').Trim();
        }
        catch (JsonException)
        {
            return "";
        }
    }

    [GeneratedRegex("<at>[^<]{0,200}</at>", RegexOptions.IgnoreCase)]
    private static partial Regex Mention();

    [GeneratedRegex("<[^<>]{0,200}>")]
    private static partial Regex Tags();
}
