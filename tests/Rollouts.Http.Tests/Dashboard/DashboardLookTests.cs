using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Http.Tests.Dashboard;

/// <summary>Every page in light and dark, on a screen and on a phone.</summary>
public sealed class DashboardLookTests(Browser browser) : IAsyncLifetime
{
    private DashboardServer server = null!;

    public async ValueTask InitializeAsync()
    {
        FakeLedger ledger = new();
        Judgement judgement = new()
        {
            Verdict = Verdict.Wrong,
            By = "jo",
            At = new DateTimeOffset(2026, 3, 21, 9, 0, 0, TimeSpan.Zero),
            Reason = "the coupon service was broken; nothing measured it",
        };
        ledger.Add(FakeLedger.Row(ShownRollouts.RolledBack.Id, RolloutOutcome.RolledBack));
        ledger.Add(FakeLedger.Row(ShownRollouts.Promoted.Id, RolloutOutcome.Promoted, "shop/cart"), judgement);
        ledger.Add(FakeLedger.Row("shop.search.1", RolloutOutcome.RolledBack, "shop/search"), judgement with { Verdict = Verdict.Right });
        server = await DashboardServer.ShowAsync(new ShownRollouts(), ledger);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Page_AnyLook_IsAccessibleFitsAndKeepsToItself(string name, string path, bool dark, bool phone)
    {
        await using Visit visit = await Visit.BeginAsync(browser, server, dark, phone, signIn: name != "sign-in");
        await visit.GoAsync(path);
        if (name == "confirm")
        {
            await visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        }

        if (name == "go-back")
        {
            await visit.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
            await Microsoft.Playwright.Assertions.Expect(visit.Page.GetByLabel("Version")).ToBeVisibleAsync();
        }

        if (name == "asking")
        {
            await visit.Page.Locator("summary").First.ClickAsync();
        }

        await visit.KeepAsync($"{name}-{(dark ? "dark" : "light")}{(phone ? "-phone" : "")}");
        Assert.Empty(await visit.AxeAsync());
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways");
        Assert.Empty(name == "sign-in" ? visit.Complaints.Where(c => !c.Contains("401", StringComparison.Ordinal)) : visit.Complaints);
    }

    public static TheoryData<string, string, bool, bool> Looks()
    {
        (string Name, string Path)[] pages =
        [
            ("list", "/rollouts"),
            ("asking", $"/rollouts/{ShownRollouts.Asking.Id}"),
            ("pausing", $"/rollouts/{ShownRollouts.Pausing.Id}"),
            ("rolled-back", $"/rollouts/{ShownRollouts.RolledBack.Id}"),
            ("promoted", $"/rollouts/{ShownRollouts.Promoted.Id}"),
            ("late-pods", $"/rollouts/{ShownRollouts.LatePods.Id}"),
            ("confirm", $"/rollouts/{ShownRollouts.Asking.Id}"),
            ("go-back", $"/rollouts/{ShownRollouts.Promoted.Id}"),
            ("ledger", "/ledger"),
            ("sign-in", "/sign-in"),
        ];
        TheoryData<string, string, bool, bool> looks = [];
        foreach ((string name, string path) in pages)
        {
            foreach ((bool dark, bool phone) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                looks.Add(name, path, dark, phone);
            }
        }

        return looks;
    }
}
