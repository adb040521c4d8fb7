using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RolloutFunctions.Http;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Embedded.Tests;
using Rollouts.Engine;
using Rollouts.Http;
using Rollouts.Http.Access;

namespace RolloutFunctions.Tests.Http;

/// <summary>What the durable app answers to holders of a function key.</summary>
public sealed class ResponseTests(AzuriteServer azurite)
{
    private const string Manifest = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: shop}
        spec:
          strategy:
            canary:
              canaryService: web-canary
              stableService: web-stable
              trafficRouting: {nginx: {stableIngress: web}}
              steps:
              - setWeight: 5
              - pause: {}
        """;

    private static readonly AccessRoles Roles = new();

    [Fact]
    public async Task Answers_OfEveryKind_HoldNoAddressOrKeyOfTheRuntime()
    {
        await using DurableBench bench = await DurableBench.StartAsync(azurite);
        RolloutApi api = new(bench.Engine, new AccessPolicy(new KeyHolders(new AppServicePrincipals(false), Roles), Roles), TimeProvider.System);

        string started = await AnswerAsync(202, http => api.StartAsync(http), Manifest);
        string id = System.Text.Json.JsonDocument.Parse(started[started.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("id").GetString()!;
        await bench.WaitAsync(id, s => s.Question is not null);
        string[] answers =
        [
            started,
            await AnswerAsync(200, http => api.StartAsync(http), Manifest),
            await AnswerAsync(400, http => api.StartAsync(http), "kind: Nothing"),
            await AnswerAsync(409, http => api.StartAsync(http), Manifest.Replace("setWeight: 5", "setWeight: 6", StringComparison.Ordinal)),
            await AnswerAsync(200, http => api.ListAsync(http)),
            await AnswerAsync(200, http => api.FindAsync(http, id)),
            await AnswerAsync(404, http => api.FindAsync(http, "shop.nothing.0123456789")),
            await AnswerAsync(200, http => api.JournalAsync(http, id)),
            await AnswerAsync(410, http => api.DecideAsync(http, id, "promote"), """{"question":"q7"}"""),
            await AnswerAsync(202, http => api.DecideAsync(http, id, "abort")),
        ];

        Assert.StartsWith($"/api/rollouts/{id}\n", started, StringComparison.Ordinal);
        Assert.All(answers, answer => Assert.DoesNotMatch("(?i)webhooks|durabletask|taskhub|code=|sig=|sendEvent|terminatePost|purgeHistory|statusQuery", answer));
    }

    /// <summary>Headers and body, once the status is as expected.</summary>
    private static async Task<string> AnswerAsync(int status, Func<HttpContext, Task<IResult>> handler, string body = "")
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().BuildServiceProvider();
        DefaultHttpContext http = new() { RequestServices = services };
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Request.ContentLength = body.Length;
        http.Request.Host = new HostString("app.example");
        http.Response.Body = new MemoryStream();

        await (await handler(http)).ExecuteAsync(http);

        http.Response.Body.Position = 0;
        string text = await new StreamReader(http.Response.Body).ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.True(http.Response.StatusCode == status, $"{http.Response.StatusCode} instead of {status}: {text}");
        return $"{http.Response.Headers.Location}\n{string.Join('\n', http.Response.Headers)}\n{text}";
    }
}
