using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rollouts.Approvals.Deciders;
using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Manifests.Lint;
using Rollouts.Workloads;

namespace Rollouts.Http;

/// <summary>
/// The HTTP API: starting, watching and deciding. Every host maps the same handlers. Errors are RFC 9457 problem details with every problem listed.
/// </summary>
/// <param name="engine">Whose API.</param>
/// <param name="access">Who may do what.</param>
/// <param name="time">For waits and time limits.</param>
/// <param name="templates">Where templates are that a release names and does not carry. Null (the default): it has to carry all of them.</param>
/// <param name="rules">What the operator asks of every release. Null (the default): nothing.</param>
public sealed class RolloutApi(
    IRolloutEngine engine, AccessPolicy access, TimeProvider time, ITemplateSource? templates = null, OperatorRules? rules = null)
{
    /// <summary>The greatest <c>?wait</c>, in seconds: below the time after which gateways give up on a request.</summary>
    public const int MostWaitSeconds = 200;

    private const string IdempotencyKey = "Idempotency-Key";
    private const int MostListed = 500;
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// <c>POST /api/rollouts?supersede=true&amp;run=build-7</c> with the release as YAML or JSON. 202 and <c>Location</c> for a new rollout, 200 for the same release again, 409 with the
    /// owner where another rollout owns the target, 400 with all problems, 422 where this engine does not run such a release, 502 where its templates can't
    /// be looked for at the moment.
    /// </summary>
    public async Task<IResult> StartAsync(HttpContext http)
    {
        if (access.Refuse(http, Right.Start) is { } refusal)
        {
            return refusal;
        }

        if (Caller.ReadRequester(http, out string? requester) is { } foreign)
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "The release is refused here", foreign);
        }

        if (await RequestText.ReadAsync(http, RequestText.MostReleaseBytes).ConfigureAwait(false) is not { } text)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "The release is too large", $"at most {RequestText.MostReleaseBytes} bytes are read");
        }

        IReadOnlyList<ManifestFile> files;
        try
        {
            files = await ReleaseIntake.GatherAsync([new ManifestFile("request", text)], templates, time, http.RequestAborted).ConfigureAwait(false);
        }
        catch (PortException refused) when (refused.Kind == FailureKind.Invalid)
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "The release is refused here", refused.Message);
        }
        catch (PortException failure)
        {
            return Problems.Of(StatusCodes.Status502BadGateway, "The release's templates can't be looked for", failure.Message);
        }

        ReleaseReading reading = ReleaseReader.Read(files, LintOptions.Default);
        if (reading.Release is not { } release)
        {
            return Problems.OfManifest(reading.Problems);
        }

        if (rules is not null)
        {
            (Release? admitted, string? reason) = rules.Admit(release, requester);
            if (admitted is null)
            {
                return Problems.Of(StatusCodes.Status422UnprocessableEntity, "The release is refused here", reason);
            }

            release = admitted;
        }

        if (http.Request.Query["run"].FirstOrDefault() is { Length: > 0 } run)
        {
            if (run.Length > ReleaseRuns.LongestRun)
            {
                return Problems.Of(StatusCodes.Status400BadRequest, "The run can't be read", $"run: must have at most {ReleaseRuns.LongestRun} characters");
            }

            release = release.AsRun(run);
        }

        StartResult result = await engine.StartAsync(release, Caller.Of(http, null), Flag(http, "supersede"), http.RequestAborted).ConfigureAwait(false);
        return OfStart(http, result, release.Target.ToString(), reading.Problems);
    }

    /// <summary>
    /// <c>POST /api/rollouts/{id}/undo?revision=1a2b3c4d5e</c> with an optional body <c>{"by","reason"}</c>: a release of its own that goes back to a former
    /// version, without a revision to the one before the stable one of now. Answers as a start does; 404 where there is no such rollout, 422 where there is
    /// no such version.
    /// </summary>
    public async Task<IResult> UndoAsync(HttpContext http, string id)
    {
        if (access.Refuse(http, Right.Start) is { } refusal)
        {
            return refusal;
        }

        if (Caller.ReadRequester(http, out string? requester) is { } foreign)
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "The release is refused here", foreign);
        }

        if (await RequestText.ReadAsync(http, RequestText.MostDecisionBytes).ConfigureAwait(false) is not { } text)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "The undo is too large", $"at most {RequestText.MostDecisionBytes} bytes are read");
        }

        if (!UndoBody.TryRead(text, out UndoBody body, out string? problem))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "The undo can't be read", problem);
        }

        UndoRequest undo = new(
            http.Request.Query["revision"].FirstOrDefault(), Caller.Of(http, body.By), requester, Flag(http, "supersede"), body.Reason);
        if (undo.Requester is null
            && await engine.FindAsync(id, http.RequestAborted).ConfigureAwait(false) is { } undone
            && undone.ApprovalPolicies.Any(p => !p.RequesterMayApprove))
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "The release is refused here", OperatorRules.RequesterIsNotKnown);
        }

        StartResult result = await engine.UndoAsync(id, undo, http.RequestAborted).ConfigureAwait(false);
        return result.Outcome == StartOutcome.NotFound ? Problems.NotFound(id) : OfStart(http, result, id, []);
    }

    /// <summary>
    /// <c>GET /api/rollouts/{id}/revisions</c>: the former versions that an undo can go back to, the latest first, with their images; 422 where they can't be told.
    /// </summary>
    public async Task<IResult> RevisionsAsync(HttpContext http, string id)
    {
        if (access.Refuse(http, Right.Read) is { } refusal)
        {
            return refusal;
        }

        return await engine.FormerAsync(id, http.RequestAborted).ConfigureAwait(false) switch
        {
            null => Problems.NotFound(id),
            { Refusal: { } reason } => Problems.Of(StatusCodes.Status422UnprocessableEntity, "No former version", reason),
            { Versions: var versions } => Results.Json(versions, RolloutJson.Default.IReadOnlyListFormerVersion),
        };
    }

    /// <summary><c>GET /api/rollouts?most=50</c>, newest first.</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        if (access.Refuse(http, Right.Read) is { } refusal)
        {
            return refusal;
        }

        int most = Math.Clamp(Number(http, "most", 50), 1, MostListed);
        return Results.Json(
            await engine.ListAsync(most, http.RequestAborted).ConfigureAwait(false), RolloutJson.Default.IReadOnlyListRolloutStatus);
    }

    /// <summary>
    /// <c>GET /api/rollouts/{id}?wait=30</c>. With <c>wait</c> the answer is held until phase, step, weight or outcome change, at most so many seconds.
    /// </summary>
    public async Task<IResult> FindAsync(HttpContext http, string id)
    {
        if (access.Refuse(http, Right.Read) is { } refusal)
        {
            return refusal;
        }

        RolloutStatus? first = await engine.FindAsync(id, http.RequestAborted).ConfigureAwait(false);
        RolloutStatus? status = first;
        DateTimeOffset end = time.GetUtcNow().AddSeconds(Math.Clamp(Number(http, "wait", 0), 0, MostWaitSeconds));
        while (status is { Outcome: null } && !HasChanged(first!, status) && time.GetUtcNow() < end)
        {
            await Task.Delay(PollEvery, time, http.RequestAborted).ConfigureAwait(false);
            status = await engine.FindAsync(id, http.RequestAborted).ConfigureAwait(false);
        }

        return status is null ? Problems.NotFound(id) : Results.Json(status, RolloutJson.Default.RolloutStatus);
    }

    /// <summary><c>GET /api/rollouts/{id}/journal?after=0&amp;most=200</c>, oldest first.</summary>
    public async Task<IResult> JournalAsync(HttpContext http, string id)
    {
        if (access.Refuse(http, Right.Read) is { } refusal)
        {
            return refusal;
        }

        IReadOnlyList<JournalRecord>? records = await engine
            .ReadJournalAsync(id, Number(http, "after", 0), Math.Clamp(Number(http, "most", 200), 1, MostListed), http.RequestAborted)
            .ConfigureAwait(false);
        return records is null ? Problems.NotFound(id) : Results.Json(records, RolloutJson.Default.IReadOnlyListJournalRecord);
    }

    /// <summary>
    /// <c>POST /api/rollouts/{id}/{command}</c> with an optional body <c>{"id","by","reason","question","fromStep"}</c>. 202 when the decision was taken, 200 when it had
    /// been, 409 when the rollout has finished, 410 when the question that it answers is not open any more (the journal has it as rejected), 422 when its id was
    /// given with another command.
    /// </summary>
    public async Task<IResult> DecideAsync(HttpContext http, string id, string command)
    {
        if (command == "undo")
        {
            return await UndoAsync(http, id).ConfigureAwait(false);
        }

        if (access.Refuse(http, Right.Decide) is { } refusal)
        {
            return refusal;
        }

        if (!CommandName.TryParse(command, out Command parsed))
        {
            return Problems.Of(StatusCodes.Status404NotFound, "No such command", $"{command} is not one of {CommandName.All}");
        }

        if (await RequestText.ReadAsync(http, RequestText.MostDecisionBytes).ConfigureAwait(false) is not { } text)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "The decision is too large", $"at most {RequestText.MostDecisionBytes} bytes are read");
        }

        if (!DecisionRequest.TryRead(text, out DecisionRequest request, out string? problem))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "The decision can't be read", problem);
        }

        string? key = http.Request.Headers[IdempotencyKey].FirstOrDefault();
        if (key is { Length: 0 or > DecisionRequest.LongestId })
        {
            return Problems.Of(
                StatusCodes.Status400BadRequest, "The decision can't be read", $"{IdempotencyKey}: must have 1 to {DecisionRequest.LongestId} characters; leave the header out for an id of its own");
        }

        RolloutStatus? current = await engine.FindAsync(id, http.RequestAborted).ConfigureAwait(false);
        string? closed = request.Question is { } question && current is not null ? AnswerDesk.Closed(current, question) : null;
        Decision decision = new()
        {
            Id = request.Id ?? key ?? RandomNumberGenerator.GetHexString(16, lowercase: true),
            Command = parsed,
            By = Caller.Of(http, request.By),
            Channel = Caller.ChannelOf(http),
            At = time.GetUtcNow(),
            Reason = request.Reason,
            Question = request.Question,
            Actor = EntraActors.Of(http.User, current?.ApprovalPolicies ?? []),
            FromStep = request.FromStep,
            Refused = closed?.TrimEnd('.'),
        };
        DecisionReceipt receipt = await engine.DecideAsync(id, decision, http.RequestAborted).ConfigureAwait(false);
        // The answer that closed the question itself, sent again, has been taken.
        bool isItsAnswer = receipt is { Outcome: DecisionOutcome.AlreadyAccepted, Status.LastAnswer: { Counted: true } last } && last.DecisionId == decision.Id;
        return receipt.Outcome switch
        {
            DecisionOutcome.IdTaken => Problems.Of(
                StatusCodes.Status422UnprocessableEntity,
                "The decision's id is taken",
                $"{(request.Id is null ? IdempotencyKey : "id")}: {decision.Id} was given with another command before, and {command} was not taken; give every decision an id of its own"),
            not DecisionOutcome.NotFound when closed is not null && !isItsAnswer => Problems.Of(
                StatusCodes.Status410Gone, "The question is closed", $"{id}: {closed}"),
            DecisionOutcome.Accepted => Results.Json(receipt.Status, RolloutJson.Default.RolloutStatus, statusCode: StatusCodes.Status202Accepted),
            DecisionOutcome.AlreadyAccepted => Results.Json(receipt.Status, RolloutJson.Default.RolloutStatus),
            DecisionOutcome.AlreadyFinished => Problems.Of(
                StatusCodes.Status409Conflict, "The rollout has finished", $"{id} has already finished: {Short(receipt.Status!)}"),
            DecisionOutcome.TargetOwned => Problems.OfOwner(id, receipt.Owner),
            _ => Problems.NotFound(id),
        };
    }

    private static IResult OfStart(HttpContext http, StartResult result, string subject, IReadOnlyList<ManifestProblem> warnings) => result.Outcome switch
    {
        StartOutcome.Started => Started(http, result.Status!, warnings, StatusCodes.Status202Accepted),
        StartOutcome.AlreadyStarted => Started(http, result.Status!, warnings, StatusCodes.Status200OK),
        StartOutcome.Refused => Problems.Of(StatusCodes.Status422UnprocessableEntity, "The release is refused here", result.Reason),
        StartOutcome.Unavailable => Problems.Of(StatusCodes.Status503ServiceUnavailable, "The cluster does not answer", result.Reason),
        _ => Problems.OfOwner(subject, result.Owner, result.Reason),
    };

    private static IResult Started(HttpContext http, RolloutStatus status, IReadOnlyList<ManifestProblem> warnings, int code)
    {
        JsonObject body = JsonSerializer.SerializeToNode(status, RolloutJson.Default.RolloutStatus)!.AsObject();
        body["warnings"] = JsonSerializer.SerializeToNode(warnings, RolloutJson.Default.IReadOnlyListManifestProblem);
        http.Response.Headers.Location = $"{http.Request.PathBase}/api/rollouts/{Uri.EscapeDataString(status.Id)}";
        return Results.Text(body.ToJsonString(), "application/json", statusCode: code);
    }

    private static bool HasChanged(RolloutStatus before, RolloutStatus after) =>
        (before.Phase, before.Outcome, before.Step, before.Weight, before.Attempt, before.Question?.Id)
        != (after.Phase, after.Outcome, after.Step, after.Weight, after.Attempt, after.Question?.Id);

    private static string Short(RolloutStatus status) => $"{status.Outcome?.ToString() ?? status.Phase.ToString()}, {status.Message}";

    private static bool Flag(HttpContext http, string name) =>
        http.Request.Query[name].FirstOrDefault() is { } given && (given.Length == 0 || given.Equals("true", StringComparison.OrdinalIgnoreCase) || given == "1");

    private static int Number(HttpContext http, string name, int fallback) =>
        int.TryParse(http.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : fallback;
}
