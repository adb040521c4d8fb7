using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollouts.Embedded.Tests;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Workloads;

namespace Rollouts.Http.Tests.Dashboard;

/// <summary>The dashboard as a person uses it, on the embedded engine.</summary>
public sealed class DashboardTests(Browser browser) : IAsyncLifetime
{
    private DashboardServer server = null!;

    public async ValueTask InitializeAsync() => server = await DashboardServer.RunAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task List_ARolloutThatAsks_ShowsWhereItStandsAndFollowsIt()
    {
        string id = await AskingAsync();
        await using Visit visit = await Visit.BeginAsync(browser, server);
        ILocator item = visit.Page.Locator(".rollouts li");
        await Assertions.Expect(item).ToContainTextAsync("shop/checkout");
        await Assertions.Expect(item).ToContainTextAsync("Paused");
        await Assertions.Expect(item).ToContainTextAsync("5 of 100");
        await Assertions.Expect(item).ToContainTextAsync("step 2 of 3");
        await Assertions.Expect(item).ToContainTextAsync("waits for a decision");

        await server.DecideAsync(id, Command.Promote);
        await Assertions.Expect(item).ToContainTextAsync("Promoted");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "shop/checkout" }).ClickAsync();
        await Assertions.Expect(visit.Page).ToHaveURLAsync(new Uri(server.Address, $"/rollouts/{id}").ToString());
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Rollout_SomethingHappens_IsShownWithinASecondOrTwo()
    {
        string id = await AskingAsync();
        await using Visit visit = await VisitAsync(id);
        await Assertions.Expect(visit.Page.Locator("#connection")).ToHaveTextAsync("Live.");
        await server.DecideAsync(id, Command.Pause);
        // Polling would take five seconds.
        await Assertions.Expect(visit.Page.Locator(".journal")).ToContainTextAsync("manually paused by sam", new() { Timeout = 3000 });
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true })).ToBeHiddenAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Rollout_WithAnAnalysis_ShowsStepsWeightMeasurementsAgainstLimitsAndTheJournal()
    {
        server.Metrics.Answer = "[0.005]";
        string id = await server.StartAsync(Releases.Of(
            "checkout",
            new Steps.SetWeightStep(5),
            new Steps.AnalysisStep([new Analysis.TemplateReference("error-rate", false)], []),
            new Steps.SetWeightStep(25),
            new Steps.PauseStep(null)));
        await server.WaitAsync(id, s => s.Question is not null);
        await using Visit visit = await VisitAsync(id);
        ILocator steps = visit.Page.Locator(".steps li");
        await Assertions.Expect(steps).ToHaveTextAsync(
            [new Regex("setWeight: 5 done"), new Regex("analysis: error-rate done"), new Regex("setWeight: 25 done"), new Regex("pause.* under way")]);
        await Assertions.Expect(steps.Nth(3)).ToHaveAttributeAsync("aria-current", "step");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex(@"^Weight of the canary over time: 0 at \S+, 5 at \S+, 25 at \S+$") })).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex(@"^error-rate: 0\.005 Successful; good <= 0\.01$") })).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator(".metric")).ToContainTextAsync("Latest 0.005; good <= 0.01 (1 good)");
        await Assertions.Expect(visit.Page.Locator(".asked")).ToContainTextAsync(new Regex(@"without an answer the policy rolls back at .* UTC \(in 23h"));
        await Assertions.Expect(visit.Page.Locator(".journal li").First).ToContainTextAsync("QuestionAsked");
        await Assertions.Expect(visit.Page.Locator(".journal li").Last).ToContainTextAsync("Rollout started by pipeline");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Rollout_EventsDoNotComeThrough_IsAskedForEveryFewSeconds()
    {
        string id = await AskingAsync();
        await using Visit visit = await Visit.BeginAsync(browser, server);
        await visit.Page.RouteAsync("**/events*", route => route.FulfillAsync(new() { Status = 502, Body = "a proxy that knows no streams" }));
        await visit.GoAsync($"/rollouts/{id}");
        await Assertions.Expect(visit.Page.Locator("#connection")).ToHaveTextAsync("Asking every 5 seconds.");
        await server.DecideAsync(id, Command.Promote);
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("Promoted");
        Assert.DoesNotContain(visit.Complaints, c => !c.Contains("502", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Promote_Confirmed_AnswersTheQuestionThatWasShown()
    {
        string id = await AskingAsync();
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Promote", Exact = true }).ClickAsync();
        await ConfirmAsync(visit, "Promote", "looks good");
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("Promoted");
        Decision decision = Assert.Single(await DecisionsAsync(id));
        Assert.Equal((Command.Promote, "jo", "dashboard", "looks good", "q1"), (decision.Command, decision.By, decision.Channel, decision.Reason, decision.Question));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Pause_ThenResume_HoldsAndLetsGo()
    {
        string id = await server.StartAsync(Releases.Of("checkout", new Steps.SetWeightStep(5), new Steps.PauseStep(TimeSpan.FromMinutes(5))));
        await server.WaitAsync(id, s => s.WaitingFor == WaitingFor.Pause);
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await ConfirmAsync(visit, "Pause", "");
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("manually paused by jo");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await ConfirmAsync(visit, "Resume", "");
        await Assertions.Expect(visit.Page.Locator(".lead")).Not.ToContainTextAsync("manually paused");
        await Assertions.Expect(visit.Page.Locator("[data-until]")).ToContainTextAsync("(in ");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task RollBack_WithoutAReason_IsNotSentAndWithOneTakesTheTrafficAway()
    {
        string id = await AskingAsync();
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        ILocator dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("   ");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Say why");
        Assert.Empty(await DecisionsAsync(id));

        await ConfirmAsync(visit, "Roll back", "errors in the log");
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("Aborted");
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("aborted by jo (errors in the log)");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeVisibleAsync();
        Assert.Equal(0, server.Cluster.Weights.Last());
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Decision_OnAQuestionThatSomebodyElseHasAnswered_SaysSoAndChangesNothing()
    {
        string id = await AskingAsync();
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Promote", Exact = true }).ClickAsync();
        await server.DecideAsync(id, Command.Abort);
        await server.WaitAsync(id, s => s.Outcome is not null);
        await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Promote" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("already rolled back by sam");
        Assert.Equal(Command.Abort, Assert.Single(await DecisionsAsync(id)).Command);
    }

    [Fact]
    public async Task Keyboard_Alone_RollsBack()
    {
        string id = await AskingAsync();
        await using Visit visit = await VisitAsync(id);
        ILocator button = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Roll back" });
        await visit.TabToAsync(button);
        await visit.Page.Keyboard.PressAsync("Enter");
        ILocator reason = visit.Page.GetByLabel("Reason");
        await Assertions.Expect(reason).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Assertions.Expect(button).ToBeFocusedAsync();

        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.Keyboard.TypeAsync("by keyboard");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("aborted by jo (by keyboard)");
        // The button is gone; the focus is not.
        Assert.NotEqual("BODY", await visit.Page.EvaluateAsync<string>("() => document.activeElement.tagName"));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Details_OpenedByAPerson_StayOpenWhenTheyChange()
    {
        server.Metrics.Answer = "[0.005]";
        string id = await server.StartAsync(Releases.Of(
            "checkout",
            new Steps.SetWeightStep(5),
            new Steps.AnalysisStep([new Analysis.TemplateReference("error-rate", false)], []),
            new Steps.PauseStep(null)));
        await server.WaitAsync(id, s => s.Question is not null);
        await using Visit visit = await VisitAsync(id);
        ILocator summary = visit.Page.Locator("summary").First;
        await summary.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.Locator("details").First).ToContainTextAsync("[0.005]");
        await server.DecideAsync(id, Command.Pause);
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("manually paused by sam");
        await Assertions.Expect(visit.Page.Locator("details").First).ToHaveAttributeAsync("open", "");
        await Assertions.Expect(summary).ToBeFocusedAsync();
        await Assertions.Expect(visit.Page.Locator("#announcement")).ToContainTextAsync("Paused");
    }

    [Fact]
    public async Task Judge_APromotionThatWasWrong_IsCountedAsMissed()
    {
        string id = await AskingAsync();
        await server.DecideAsync(id, Command.Promote);
        await server.WaitAsync(id, s => s.Outcome == RolloutOutcome.Promoted);
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "It was wrong" }).ClickAsync();
        await ConfirmAsync(visit, "It was wrong", "coupons were broken");
        await Assertions.Expect(visit.Page.Locator("#live")).ToContainTextAsync("Judged wrong by jo");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Ledger" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("1 deployment, 0 automatic rollbacks (0 correct, 0 false), 1 missed");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task GoBack_ToAVersionThatWasChosen_StartsARolloutToItAndShowsIt()
    {
        server.Deployments.Former.Add("v0");
        string id = await PromotedAsync(new ScalingRules { RollbackWindow = 1 });
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        ILocator versions = visit.Page.GetByLabel("Version");
        await Assertions.Expect(versions).ToBeVisibleAsync();
        Assert.Equal(
            ["app:v1 (v1, of 2026-01-01)", "app:v0 (v0, of 2025-12-31)"],
            await versions.Locator("option").AllInnerTextsAsync());
        await versions.SelectOptionAsync("v0");
        ILocator dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Reason")).ToBeFocusedAsync();
        await dialog.GetByLabel("Reason").FillAsync("coupons are broken");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();

        await Assertions.Expect(visit.Page).Not.ToHaveURLAsync(new Uri(server.Address, $"/rollouts/{id}").ToString());
        await Assertions.Expect(visit.Page.Locator(".journal")).ToContainTextAsync("Rollout started by jo (coupons are broken)");
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("Promoted");
        Assert.Equal("v0", server.Deployments.Stable!.Revision);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task GoBack_NothingIsKept_SaysSoAndStartsNothing()
    {
        server.Deployments.Stable = null;
        string id = await PromotedAsync();
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("keeps no former version");
        ILocator dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Go back" })).ToBeDisabledAsync();
        await Assertions.Expect(visit.Page.GetByLabel("Version")).ToBeHiddenAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        Assert.Single(await server.Engine.ListAsync(10, TestContext.Current.CancellationToken));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task GoBack_AnotherRolloutOwnsTheTarget_SaysWhich()
    {
        string id = await PromotedAsync();
        string other = await server.StartAsync(Releases.Asking("checkout").Deploying("app:3"));
        await server.WaitAsync(other, s => s.Question is not null);
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        ILocator dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("back");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync($"owned by rollout {other}");
    }

    [Fact]
    public async Task RestartPods_UnderWayAndAfterTheEnd_ReplacesTheStablePods()
    {
        string id = await server.StartAsync(Releases.Asking("checkout").Deploying("app:2"));
        await server.WaitAsync(id, s => s.Question is not null);
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Restart pods" }).ClickAsync();
        await ConfirmAsync(visit, "Restart pods", "leaks memory");
        await Assertions.Expect(visit.Page.Locator(".journal")).ToContainTextAsync("Restart of the stable pods by jo (leaks memory)");
        await server.DecideAsync(id, Command.PromoteFull);
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("Promoted");
        DateTimeOffset? first = server.Deployments.Stable!.RestartedAt;
        Assert.NotNull(first);
        await Task.Delay(1100, TestContext.Current.CancellationToken);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Restart pods" }).ClickAsync();
        await ConfirmAsync(visit, "Restart pods", "again");
        await Assertions.Expect(visit.Page.Locator(".journal")).ToContainTextAsync("Restart of the stable pods by jo (again)");
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("Promoted");
        for (int looks = 0; looks < 100 && server.Deployments.Stable.RestartedAt == first; looks++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.NotEqual(first, server.Deployments.Stable.RestartedAt);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Retry_AfterARollback_BeginsAgain()
    {
        string id = await AskingAsync();
        await server.DecideAsync(id, Command.Abort);
        await server.WaitAsync(id, s => s.Outcome is not null);
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await ConfirmAsync(visit, "Retry", "the database is back");
        await Assertions.Expect(visit.Page.Locator(".facts")).ToContainTextAsync("attempt 2");
        await Assertions.Expect(visit.Page.Locator(".asked")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Go back" })).ToBeHiddenAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task PromoteFully_Confirmed_SkipsWhatIsLeft()
    {
        string id = await server.StartAsync(Releases.Of("checkout", new Steps.SetWeightStep(5), new Steps.PauseStep(null), new Steps.SetWeightStep(10), new Steps.PauseStep(null)));
        await server.WaitAsync(id, s => s.Question is not null);
        await using Visit visit = await VisitAsync(id);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Promote fully" }).ClickAsync();
        await ConfirmAsync(visit, "Promote fully", "");
        await Assertions.Expect(visit.Page.Locator(".lead")).ToContainTextAsync("Promoted");
        Assert.Equal(Command.PromoteFull, Assert.Single(await DecisionsAsync(id)).Command);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task SignIn_NoCookie_AsksForTheTokenAndThenGoesOn()
    {
        string id = await AskingAsync();
        await using Visit visit = await Visit.BeginAsync(browser, server, signIn: false);
        await visit.GoAsync($"/rollouts/{id}");
        await visit.Page.GetByLabel("The token").FillAsync("not the token, I think");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not the token");
        await visit.Page.GetByLabel("The token").FillAsync(DashboardServer.Token);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(visit.Page).ToHaveURLAsync(new Uri(server.Address, $"/rollouts/{id}").ToString());
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "shop/checkout" })).ToBeVisibleAsync();
        Assert.Equal("", await visit.Page.EvaluateAsync<string>("() => document.cookie"));
    }

    [Fact]
    public async Task SignIn_LinkThatWasUsed_OpensNothing()
    {
        string link = server.Access.CreateLink();
        await using Visit first = await Visit.BeginAsync(browser, server, signIn: false);
        await first.GoAsync(link);
        await Assertions.Expect(first.Page).ToHaveURLAsync(new Uri(server.Address, "/rollouts").ToString());
        await using Visit second = await Visit.BeginAsync(browser, server, signIn: false);
        await second.GoAsync(link);
        await Assertions.Expect(second.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This link has been used");
    }

    private async Task<string> AskingAsync()
    {
        string id = await server.StartAsync(Releases.Asking("checkout"));
        await server.WaitAsync(id, s => s.Question is not null);
        return id;
    }

    private async Task<string> PromotedAsync(ScalingRules? scaling = null)
    {
        string id = await server.StartAsync(Releases.Of("checkout", new Steps.SetWeightStep(100)).Deploying("app:2", scaling ?? new ScalingRules { ScaleDownDelay = TimeSpan.Zero }));
        await server.WaitAsync(id, s => s.Outcome == RolloutOutcome.Promoted);
        return id;
    }

    private async Task<Visit> VisitAsync(string id)
    {
        Visit visit = await Visit.BeginAsync(browser, server);
        await visit.GoAsync($"/rollouts/{id}");
        return visit;
    }

    private static async Task ConfirmAsync(Visit visit, string name, string reason)
    {
        ILocator dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync(reason);
        await dialog.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
    }

    private async Task<IReadOnlyList<Decision>> DecisionsAsync(string id) =>
        [.. (await server.Engine.ReadJournalAsync(id, 0, 500, TestContext.Current.CancellationToken))!.Select(r => r.Decision).OfType<Decision>()];
}
