using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using RolloutFunctions.Engine;
using Rollouts.Approvals.Deciders;
using Rollouts.Http;
using Rollouts.Http.Access;
using Rollouts.Http.Dashboard;
using Rollouts.Ledger;
using Rollouts.Manifests;

namespace RolloutFunctions.Http;

/// <summary>The routes of the HTTP API for callers with a function key; the host lets nobody else in. Who is signed in comes by <see cref="SignedInTrigger"/>.</summary>
public sealed class RolloutTriggers(
    DurableEngines engines, IRolloutLedger ledger, AccessPolicy access, OperatorRules rules, TimeProvider time, ITemplateSource? templates = null)
{
    [Function("StartRollout")]
    public Task<IResult> StartAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/rollouts")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        Api(client).StartAsync(request.HttpContext);

    [Function("ListRollouts")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/rollouts")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        Api(client).ListAsync(request.HttpContext);

    [Function("FindRollout")]
    public Task<IResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/rollouts/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client) =>
        Api(client).FindAsync(request.HttpContext, id);

    [Function("ReadJournal")]
    public Task<IResult> JournalAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/rollouts/{id}/journal")] HttpRequest request, string id, [DurableClient] DurableTaskClient client) =>
        Api(client).JournalAsync(request.HttpContext, id);

    [Function("ReadRevisions")]
    public Task<IResult> RevisionsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/rollouts/{id}/revisions")] HttpRequest request, string id, [DurableClient] DurableTaskClient client) =>
        Api(client).RevisionsAsync(request.HttpContext, id);

    [Function("FollowRollout")]
    public Task<IResult> EventsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/rollouts/{id}/events")] HttpRequest request, string id, [DurableClient] DurableTaskClient client) =>
        new RolloutEvents(engines.For(client), access, time).StreamAsync(request.HttpContext, id);

    [Function("Decide")]
    public Task<IResult> DecideAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/rollouts/{id}/{command}")] HttpRequest request, string id, string command, [DurableClient] DurableTaskClient client) =>
        Api(client).DecideAsync(request.HttpContext, id, command);

    [Function("Judge")]
    public Task<IResult> JudgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/rollouts/{id}/judgement")] HttpRequest request, string id) =>
        new LedgerApi(ledger, access, time).JudgeAsync(request.HttpContext, id);

    [Function("ReadLedger")]
    public Task<IResult> LedgerAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/ledger")] HttpRequest request) =>
        new LedgerApi(ledger, access, time).ReportAsync(request.HttpContext);

    private RolloutApi Api(DurableTaskClient client) => new(engines.For(client), access, time, templates, rules);
}
