using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rollouts.Http.Access;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Http;

/// <summary>The ledger over HTTP: what rollouts came to, and whether that was right.</summary>
public sealed class LedgerApi(IRolloutLedger ledger, AccessPolicy access, TimeProvider time)
{
    /// <summary>From when on outcomes are counted where nothing else is asked: a year ago.</summary>
    public static readonly TimeSpan UsualSpan = TimeSpan.FromDays(365);

    /// <summary><c>GET /api/ledger?since=2026-01-01T00:00:00Z</c>: counts and rates per service and template. Default since a year ago.</summary>
    public async Task<IResult> ReportAsync(HttpContext http)
    {
        if (access.Refuse(http, Right.Read) is { } refusal)
        {
            return refusal;
        }

        DateTimeOffset since = time.GetUtcNow() - UsualSpan;
        if (http.Request.Query["since"].FirstOrDefault() is { } given
            && !DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "Since when?", $"since={given}: must be a date or a time, such as 2026-01-01 or 2026-01-01T12:00:00Z");
        }

        LedgerReport report = LedgerReport.Of(since, await ledger.ReadAsync(since, http.RequestAborted).ConfigureAwait(false));
        return Results.Json(report, RolloutJson.Default.LedgerReport);
    }

    /// <summary>
    /// <c>POST /api/rollouts/{id}/judgement</c> with <c>{"verdict": "right" or "wrong", "by", "reason"}</c>. 200 with the entry; 404 when the ledger has none
    /// (yet); 409 when the outcome is one that a person decided.
    /// </summary>
    public async Task<IResult> JudgeAsync(HttpContext http, string id)
    {
        if (access.Refuse(http, Right.Decide) is { } refusal)
        {
            return refusal;
        }

        if (await RequestText.ReadAsync(http, RequestText.MostDecisionBytes).ConfigureAwait(false) is not { } text)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "The judgement is too large", $"at most {RequestText.MostDecisionBytes} bytes are read");
        }

        if (!JudgementRequest.TryRead(text, out JudgementRequest request, out string? problem))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "The judgement can't be read", problem);
        }

        if (await ledger.FindAsync(id, http.RequestAborted).ConfigureAwait(false) is not { } entry)
        {
            return Problems.Of(StatusCodes.Status404NotFound, "Not in the ledger", $"the ledger has no rollout {id}; it is entered when it has ended");
        }

        if (!Judgement.IsPossible(entry.Row.Outcome))
        {
            return Problems.Of(
                StatusCodes.Status409Conflict,
                "Nothing to judge",
                $"{id} ended {entry.Row.Outcome}; an automatic rollback or a promotion can be judged");
        }

        Judgement judgement = new() { Verdict = request.Verdict, By = Caller.Of(http, request.By), At = time.GetUtcNow(), Reason = request.Reason };
        LedgerEntry? judged = await ledger.JudgeAsync(id, judgement, http.RequestAborted).ConfigureAwait(false);
        return Results.Json(judged ?? entry with { Judgement = judgement }, RolloutJson.Default.LedgerEntry);
    }
}
