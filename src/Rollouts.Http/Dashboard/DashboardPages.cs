using Microsoft.AspNetCore.Http;
using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Http.Pages;
using Rollouts.Journal;
using Rollouts.Ledger;

namespace Rollouts.Http.Dashboard;

/// <summary>
/// The dashboard's pages, the same in every host. Each is whole without a script; the script asks for <c>?part=live</c>, the part that changes, when
/// something has happened.
/// </summary>
public sealed class DashboardPages(IRolloutEngine engine, IRolloutLedger ledger, JournalHistory journals, AccessPolicy access, TimeProvider time)
{
    private const int MostListed = 100;

    /// <summary><c>GET /rollouts</c>: all rollouts, newest first.</summary>
    public async Task<IResult> ListAsync(HttpContext http)
    {
        if (access.RefusePage(http, Right.Read) is { } refusal)
        {
            return refusal;
        }

        IReadOnlyList<RolloutStatus> rollouts = await engine.ListAsync(MostListed, http.RequestAborted).ConfigureAwait(false);
        Html live = RolloutListView.Of(rollouts, http.Request.PathBase.Value ?? "");
        return IsLivePart(http) ? new Fragment(live) : DashboardLayout.Page(http, "Rollouts", DashboardLayout.Rollouts, Html.Of(
            $"""
            <h1>Rollouts</h1>
            <div id="live" data-part="{http.Request.PathBase.Value}/rollouts?part=live">{live}</div>
            """));
    }

    /// <summary><c>GET /rollouts/{id}</c>: one rollout, live.</summary>
    public async Task<IResult> RolloutAsync(HttpContext http, string id)
    {
        if (access.RefusePage(http, Right.Read) is { } refusal)
        {
            return refusal;
        }

        RolloutStatus? status = await engine.FindAsync(id, http.RequestAborted).ConfigureAwait(false);
        IReadOnlyList<JournalRecord>? journal = await journals.ReadAsync(engine, id, http.RequestAborted).ConfigureAwait(false);
        if (status is null || journal is null)
        {
            return DashboardLayout.Page(
                http, "No such rollout", null, Html.Of($"<h1>No such rollout</h1><p>There is no rollout <code>{id}</code>.</p>"), StatusCodes.Status404NotFound);
        }

        LedgerEntry? entry = Judgement.IsPossible(status.Outcome) ? await ledger.FindAsync(id, http.RequestAborted).ConfigureAwait(false) : null;
        Html live = RolloutView.Of(status, journal, entry?.Row.Attempt == status.Attempt ? entry : null, time.GetUtcNow());
        if (IsLivePart(http))
        {
            return new Fragment(live);
        }

        string site = http.Request.PathBase.Value ?? "";
        string path = $"/rollouts/{Uri.EscapeDataString(id)}";
        long last = journal.Count == 0 ? 0 : journal[^1].Position;
        return DashboardLayout.Page(http, $"{status.Namespace}/{status.Name}", null, Html.Of(
            $"""
            <h1 id="title" tabindex="-1">{status.Namespace}/{status.Name}</h1>
            <p class="faint id">{status.Id}</p>
            {DecisionForms.Of(status, entry, site, right => access.Has(http.User, right))}
            <div id="live" data-part="{site}{path}?part=live" data-events="{site}/api{path}/events?after={last}">{live}</div>
            """));
    }

    /// <summary><c>GET /ledger</c>: how well services and templates do.</summary>
    public async Task<IResult> LedgerAsync(HttpContext http)
    {
        if (access.RefusePage(http, Right.Read) is { } refusal)
        {
            return refusal;
        }

        DateTimeOffset since = time.GetUtcNow() - LedgerApi.UsualSpan;
        IReadOnlyList<LedgerEntry> entries = await ledger.ReadAsync(since, http.RequestAborted).ConfigureAwait(false);
        return DashboardLayout.Page(http, "Ledger", DashboardLayout.Ledger, LedgerView.Of(LedgerReport.Of(since, entries), entries, http.Request.PathBase.Value ?? ""));
    }

    private static bool IsLivePart(HttpContext http) => http.Request.Query["part"] == "live";
}
