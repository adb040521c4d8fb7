using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Rollouts.Approvals;
using Rollouts.Approvals.Deciders;
using Rollouts.Approvals.Links;
using Rollouts.Approvals.Slack;
using Rollouts.Engine;
using Rollouts.Journal;

namespace Rollouts.Http.Approvals;

/// <summary>
/// What Slack sends: buttons and the slash command. Each request is proved to be Slack's over its bytes, acknowledged within Slack's three seconds, and answered
/// to whoever sent it alone. The message in the channel is brought up to date by the rollout itself.
/// </summary>
public sealed class SlackCallbacks(IRolloutEngine engine, ApprovalDesk desk, TimeProvider time, ILogger<SlackCallbacks> logger)
{
    private const int MostBytes = 64 * 1024;
    private const int MostReason = 500;

    /// <summary><c>POST /api/slack/interactions</c>: 200 once it is understood; 401 without a word for whatever Slack did not send.</summary>
    public async Task<IResult> InteractAsync(HttpContext http)
    {
        (Dictionary<string, StringValues>? form, IResult? refusal) = await ReadAsync(http).ConfigureAwait(false);
        if (form is null)
        {
            return refusal!;
        }

        if (SlackInteraction.Read(form.GetValueOrDefault("payload").ToString()) is not { } sent)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "No interaction", "the form has no payload that is one");
        }

        if (sent is { Type: "block_actions", Actions: [{ ActionId: SlackMessages.Promote or SlackMessages.Abort } action, ..], User.Id: { } user, ResponseUrl: { } reply })
        {
            await Acknowledgement.WithinAsync(
                ct => AnswerAsync(sent, action, user, ct), (text, ct) => desk.Slack!.ReplyAsync(reply, text, ct), time, logger).ConfigureAwait(false);
        }

        return Results.Ok();
    }

    /// <summary><c>POST /api/slack/commands</c>: 200 with the answer, or with word that it follows.</summary>
    public async Task<IResult> CommandAsync(HttpContext http)
    {
        (Dictionary<string, StringValues>? form, IResult? refusal) = await ReadAsync(http).ConfigureAwait(false);
        if (form is null)
        {
            return refusal!;
        }

        SlashCall call = SlashCall.Of(form);
        string? answer = await Acknowledgement.TextWithinAsync(
            ct => CommandAsync(call, ct), (late, ct) => desk.Slack!.ReplyAsync(call.ResponseUrl, late, ct), time, logger).ConfigureAwait(false);
        return Results.Json(new SlackReply(SlackText.Escape(answer ?? "Working on it …")), SlackReplyJson.Default.SlackReply);
    }

    private async Task<(Dictionary<string, StringValues>? Form, IResult? Refusal)> ReadAsync(HttpContext http)
    {
        if (desk.SlackSignature is not { } signature)
        {
            return (null, Problems.Of(StatusCodes.Status404NotFound, "No Slack here", "the operator has set up no Slack app (Slack:SigningSecret)"));
        }

        if (await RequestText.ReadBytesAsync(http, MostBytes).ConfigureAwait(false) is not { } body)
        {
            return (null, Problems.Of(StatusCodes.Status413PayloadTooLarge, "Too large", $"at most {MostBytes} bytes are read"));
        }

        if (!signature.IsGenuine(http.Request.Headers["X-Slack-Request-Timestamp"], http.Request.Headers["X-Slack-Signature"], body))
        {
            // Whoever guesses learns nothing; whoever operates does.
            logger.ForgedCallback("Slack");
            return (null, Results.StatusCode(StatusCodes.Status401Unauthorized));
        }

        return (QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body)), null);
    }

    private async Task<string> AnswerAsync(SlackInteraction sent, SlackAction action, string user, CancellationToken cancellationToken)
    {
        bool promotes = action.ActionId == SlackMessages.Promote;
        LinkReading read = desk.Links is { } links
            ? links.Read(action.Value, promotes ? LinkPurpose.Promote : LinkPurpose.Abort)
            : new LinkReading(LinkOutcome.NotGenuine, null);
        if (read.Link is not { } link || await engine.FindAsync(link.Rollout, cancellationToken).ConfigureAwait(false) is not { } status)
        {
            logger.ForgedCallback("Slack button");
            return "This button was not made here, or its rollout is gone.";
        }

        string team = sent.Team?.Id ?? sent.User?.TeamId ?? "";
        string? refused = await desk.SlackPeople!.RefuseAsync(team, user, cancellationToken).ConfigureAwait(false)
            ?? (read.Outcome == LinkOutcome.Expired ? "its button has expired" : null);
        Decision decision = new()
        {
            // The same press, sent again, has the same id.
            Id = $"slack:{action.ActionTs}:{user}",
            Command = promotes ? Command.Promote : Command.Abort,
            By = NameOf(sent.User?.Username, user),
            Channel = Actor.Slack,
            At = time.GetUtcNow(),
            Question = link.Gate,
            Refused = refused,
            Actor = refused is null ? await desk.SlackPeople.ActorAsync(team, user, status.ApprovalPolicies, cancellationToken).ConfigureAwait(false) : null,
        };
        return (await new AnswerDesk(engine, time).AnswerAsync(link.Rollout, decision, cancellationToken).ConfigureAwait(false)).Text;
    }

    private async Task<string> CommandAsync(SlashCall call, CancellationToken cancellationToken)
    {
        if (await desk.SlackPeople!.RefuseAsync(call.Team, call.User, cancellationToken).ConfigureAwait(false) is { } refused)
        {
            logger.StrangerRefused("Slack", call.User);
            return $"Not here: {refused}.";
        }

        if (call.Verb is "status" or "")
        {
            return await ChatStatus.OfAsync(engine, call.Name, cancellationToken).ConfigureAwait(false);
        }

        if (call.Verb is not ("pause" or "abort" or "resume") || call.Name.Length == 0 || !CommandName.TryParse(call.Verb, out Command command))
        {
            return "Say status [ROLLOUT], pause ROLLOUT [why], resume ROLLOUT [why], or abort ROLLOUT [why]. ROLLOUT is an id, a name, or namespace/name.";
        }

        (RolloutStatus? status, string? problem) = await ChatStatus.FindAsync(engine, call.Name, cancellationToken).ConfigureAwait(false);
        if (status is null)
        {
            return problem!;
        }

        Decision decision = new()
        {
            Id = $"slack:{call.TriggerId}",
            Command = command,
            By = NameOf(call.UserName, call.User),
            Channel = Actor.Slack,
            At = time.GetUtcNow(),
            Reason = call.Reason.Length == 0 ? null : SlackText.Short(call.Reason, MostReason),
            Actor = await desk.SlackPeople.ActorAsync(call.Team, call.User, status.ApprovalPolicies, cancellationToken).ConfigureAwait(false),
        };
        return (await new AnswerDesk(engine, time).AnswerAsync(status.Id, decision, cancellationToken).ConfigureAwait(false)).Text;
    }

    // Names change and can be chosen; the id is beside it.
    private static string NameOf(string? name, string id) => string.IsNullOrEmpty(name) ? id : $"{SlackText.Short(name, 50)} ({id})";
}
