using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using RolloutFunctions.Engine;
using Rollouts.Approvals;
using Rollouts.Http.Access;
using Rollouts.Http.Approvals;

namespace RolloutFunctions.Http;

/// <summary>The routes of chat and of signed links. Open at the host, because the host knows function keys only; each carries its own proof.</summary>
public sealed class ApprovalTriggers(
    DurableEngines engines, ApprovalDesk desk, IPrincipalSource principals, TimeProvider time, ILogger<SlackCallbacks> slack, ILogger<TeamsCallbacks> teams)
{
    [Function("SlackInteraction")]
    public Task<IResult> SlackInteractionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/slack/interactions")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        new SlackCallbacks(engines.For(client), desk, time, slack).InteractAsync(request.HttpContext);

    [Function("SlackCommand")]
    public Task<IResult> SlackCommandAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/slack/commands")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        new SlackCallbacks(engines.For(client), desk, time, slack).CommandAsync(request.HttpContext);

    [Function("TeamsMessage")]
    public Task<IResult> TeamsMessageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/teams/messages")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        new TeamsCallbacks(engines.For(client), desk, teams).MessageAsync(request.HttpContext);

    [Function("ShowQuestion")]
    public IResult ShowQuestion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "decide")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        Form(client).Show();

    [Function("ReadQuestion")]
    public Task<IResult> ReadQuestionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "decide/question")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        Form(client).QuestionAsync(request.HttpContext);

    [Function("SignInToAnswer")]
    public IResult SignInToAnswer(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "decide/sign-in")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        Form(client).SignIn(request.HttpContext);

    [Function("AnswerQuestion")]
    public Task<IResult> AnswerQuestionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "decide")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
        Form(client).PostAsync(request.HttpContext);

    [Function("ShowChart")]
    public Task<IResult> ShowChartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "charts/{name}")] HttpRequest request, string name, [DurableClient] DurableTaskClient client) =>
        new ChartPictures(engines.For(client), desk).ShowAsync(request.HttpContext, name);

    private DecideForm Form(DurableTaskClient client) => new(engines.For(client), desk, principals, time);
}
