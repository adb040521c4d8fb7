using Microsoft.Playwright;
using Rollouts.Http.Tests.Dashboard;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Policy;

namespace Rollouts.Http.Tests.Approvals;

/// <summary>The confirm page as a person uses it, who has opened a link in a message.</summary>
public sealed class DecidePageTests(Browser browser)
{
    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Page_AnyLook_IsAccessibleFitsAndKeepsToItself(string name, bool dark, bool phone)
    {
        await using DecideServer server = await DecideServer.StartAsync(_ => new ShownRollouts());
        await using Visit visit = await Visit.BeginAsync(browser, server.Address, dark, phone);
        await visit.GoAsync(name switch
        {
            "asking" => server.Link(ShownRollouts.Asking.Id).ToString(),
            "answered" => server.Link(ShownRollouts.Promoted.Id).ToString(),
            "expired" => server.Link(ShownRollouts.Asking.Id, server.Time.GetUtcNow()).ToString(),
            "foreign" => new Uri(server.Address, "decide#k1.made.up").ToString(),
            _ => new Uri(server.Address, "decide").ToString(),
        });
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(name switch
        {
            "asking" => "Rollout of shop/checkout asks: go on?",
            "answered" => "Answered already",
            "expired" => "The link has expired",
            _ => "No such question",
        });
        if (name == "asking")
        {
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Img)).ToHaveJSPropertyAsync("complete", true);
            Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.querySelector('img').naturalWidth > 0"), "the chart is not there");
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Without an answer the policy rolls back at 2026-03-21 12:00 UTC.");
        }

        await visit.KeepAsync($"{name}-{(dark ? "dark" : "light")}{(phone ? "-phone" : "")}", "decide");
        Assert.Empty(await visit.AxeAsync());
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways");
        Assert.DoesNotContain(visit.Complaints, c => name == "asking" || !c.Contains("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal));
        Assert.DoesNotContain("#", visit.Page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Approve and go on", "Promote by somebody with the link (looks good)", "q1 was already promoted by somebody with the link (looks good) at 12:00:00 UTC")]
    [InlineData("Roll back", "Abort by somebody with the link (looks good)", "q1 was already rolled back by somebody with the link (looks good) at 12:00:00 UTC")]
    public async Task Answer_ByKeyboardAlone_CountsOnceAndIsSaidToTheNext(string button, string recorded, string already)
    {
        MachineEngine engine = null!;
        await using DecideServer server = await DecideServer.StartAsync(time => engine = new MachineEngine(time));
        string link = server.Link(MachineEngine.Id).ToString();
        await using Visit visit = await Visit.BeginAsync(browser, server.Address);
        await visit.GoAsync(link);
        ILocator reason = visit.Page.GetByLabel("Why");
        await Assertions.Expect(reason).ToBeVisibleAsync();
        await visit.TabToAsync(reason);
        await visit.Page.Keyboard.TypeAsync("looks good");
        await visit.TabToAsync(visit.Page.GetByRole(AriaRole.Button, new() { Name = button }));
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Recorded");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync(recorded);
        Assert.Null(engine.Status.Question);
        await visit.KeepAsync($"recorded-{(button == "Roll back" ? "abort" : "promote")}", "decide");
        Assert.Empty(await visit.AxeAsync());
        Assert.Empty(visit.Complaints);

        await using Visit second = await Visit.BeginAsync(browser, server.Address);
        await second.GoAsync(link);
        await Assertions.Expect(second.Page.GetByRole(AriaRole.Main)).ToContainTextAsync(already);
        Assert.Equal(0, await second.Page.GetByRole(AriaRole.Button).CountAsync());
        Assert.Equal(1, engine.Decisions);
    }

    [Fact]
    public async Task Answer_SomebodyElseWasFaster_SaysWhoAndLeavesATrace()
    {
        MachineEngine engine = null!;
        await using DecideServer server = await DecideServer.StartAsync(time => engine = new MachineEngine(time));
        await using Visit visit = await Visit.BeginAsync(browser, server.Address);
        await visit.GoAsync(server.Link(MachineEngine.Id).ToString());
        ILocator approve = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Approve" });
        await Assertions.Expect(approve).ToBeVisibleAsync();
        await engine.DecideAsync(
            MachineEngine.Id, new Decision { Id = "d", Command = Command.Abort, By = "sam", At = server.Time.GetUtcNow() }, TestContext.Current.CancellationToken);
        await approve.ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("q1 was already rolled back by sam at 12:00:00 UTC");
        Assert.Equal(RolloutOutcome.Aborted, engine.Status.Outcome);
    }

    [Fact]
    public async Task Reload_AfterTheTokenHasLeftTheAddressBar_ShowsTheQuestionAgain()
    {
        await using DecideServer server = await DecideServer.StartAsync(time => new MachineEngine(time));
        await using Visit visit = await Visit.BeginAsync(browser, server.Address);
        await visit.GoAsync(server.Link(MachineEngine.Id).ToString());
        ILocator approve = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Approve" });
        await Assertions.Expect(approve).ToBeVisibleAsync();
        await visit.Page.ReloadAsync();
        await Assertions.Expect(approve).ToBeVisibleAsync();
        Assert.Equal(new Uri(server.Address, "decide").ToString(), visit.Page.Url);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task SignIn_WhereThePolicySaysSo_GoesThereAndBackWithoutTheToken()
    {
        MachineEngine engine = null!;
        await using DecideServer server = await DecideServer.StartAsync(time => engine = new MachineEngine(time, new ApprovalPolicy { SignIn = true }));
        Uri link = server.Link(MachineEngine.Id);
        await using Visit visit = await Visit.BeginAsync(browser, server.Address);
        await visit.GoAsync(link.ToString());
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Signed in as kim@example.com.");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Promote by kim@example.com");
        Assert.Contains(server.Logged, l => l.StartsWith("GET /login?back=%2Fdecide%2Fsign-in ", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Logged, l => l.Contains(link.Fragment[1..], StringComparison.Ordinal));
        Assert.Equal(1, engine.Decisions);
    }

    [Fact]
    public async Task Frame_OfAnotherPage_IsNotFilled()
    {
        await using DecideServer server = await DecideServer.StartAsync(time => new MachineEngine(time));
        await using Visit visit = await Visit.BeginAsync(browser, server.Address);
        await visit.Page.SetContentAsync($"<iframe src=\"{server.Link(MachineEngine.Id)}\"></iframe>");
        for (int looks = 0; looks < 100 && !visit.Complaints.Any(); looks++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Contains(visit.Complaints, c => c.Contains("frame-ancestors 'none'", StringComparison.Ordinal) || c.Contains("X-Frame-Options", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Logged, l => l.StartsWith("POST", StringComparison.Ordinal));
    }

    public static TheoryData<string, bool, bool> Looks()
    {
        TheoryData<string, bool, bool> looks = [];
        foreach (string name in new[] { "asking", "answered", "expired", "foreign", "cut-short" })
        {
            foreach ((bool dark, bool phone) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                looks.Add(name, dark, phone);
            }
        }

        return looks;
    }
}
