using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Http.Tests;

public sealed class LedgerApiTests : IAsyncLifetime
{
    private const string Id = "shop.checkout.0123456789";
    private readonly ApiServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData(RolloutOutcome.RolledBack, "right")]
    [InlineData(RolloutOutcome.Promoted, "wrong")]
    public async Task Judge_AnAutomaticOutcome_StandsInTheLedger(RolloutOutcome outcome, string verdict)
    {
        server.Ledger.Add(FakeLedger.Row(Id, outcome));
        using HttpResponseMessage response = await Judge($$"""{"verdict":"{{verdict}}","by":"jo","reason":"seen"}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement judgement = (await Json(response)).GetProperty("judgement");
        Assert.Equal((verdict, "jo", "seen"), (judgement.GetProperty("verdict").GetString(), judgement.GetProperty("by").GetString(), judgement.GetProperty("reason").GetString()));
        Assert.NotNull(Assert.Single(server.Ledger.Entries).Judgement);
    }

    [Fact]
    public async Task Judge_WhatAPersonDecided_Answers409()
    {
        server.Ledger.Add(FakeLedger.Row(Id, RolloutOutcome.Aborted));
        using HttpResponseMessage response = await Judge("""{"verdict":"right"}""");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Null(Assert.Single(server.Ledger.Entries).Judgement);
    }

    [Fact]
    public async Task Judge_NotInTheLedger_Answers404()
    {
        using HttpResponseMessage response = await Judge("""{"verdict":"right"}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("", "right or wrong")]
    [InlineData("{}", "verdict")]
    [InlineData("""{"verdict":"maybe"}""", "verdict")]
    [InlineData("""{"verdict":"right","why":"x"}""", "why")]
    [InlineData("""{"verdict":"right","by":""}""", "by")]
    public async Task Judge_BadBody_Answers400NamingTheMember(string body, string named)
    {
        server.Ledger.Add(FakeLedger.Row(Id, RolloutOutcome.Promoted));
        using HttpResponseMessage response = await Judge(body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, (await Json(response)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_SomeEntries_CountsPerServiceAndTemplate()
    {
        server.Ledger.Add(FakeLedger.Row(Id, RolloutOutcome.RolledBack));
        server.Ledger.Add(FakeLedger.Row("shop.cart.1", RolloutOutcome.Promoted, "shop/cart"));
        JsonElement report = await server.Client.GetFromJsonAsync<JsonElement>("/api/ledger", TestContext.Current.CancellationToken);
        Assert.Equal(2, report.GetProperty("all").GetProperty("deployments").GetInt32());
        Assert.Equal(0.5, report.GetProperty("all").GetProperty("rollbackRate").GetDouble());
        Assert.Equal(["shop/cart", "shop/checkout"], report.GetProperty("services").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.Equal(["error-rate", "p99-latency"], report.GetProperty("templates").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("2100-01-01", HttpStatusCode.OK)]
    [InlineData("yesterday", HttpStatusCode.BadRequest)]
    public async Task Report_Since_IsReadOrRefused(string since, HttpStatusCode status)
    {
        server.Ledger.Add(FakeLedger.Row(Id, RolloutOutcome.RolledBack));
        using HttpResponseMessage response = await server.Client.GetAsync($"/api/ledger?since={since}", TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.OK)
        {
            Assert.Equal(0, (await Json(response)).GetProperty("all").GetProperty("deployments").GetInt32());
        }
    }

    private Task<HttpResponseMessage> Judge(string body) => server.Client.PostAsync(
        $"/api/rollouts/{Id}/judgement", new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    private static async Task<JsonElement> Json(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
}
