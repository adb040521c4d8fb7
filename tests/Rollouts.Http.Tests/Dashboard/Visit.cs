using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Rollouts.Http.Tests.Dashboard;

/// <summary>A browser window on a server, signed in. Whatever the page did that it must not do (errors, breaches of its policy, requests to other hosts) fails the test.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = new();
    private readonly IBrowserContext context;
    private readonly Uri address;

    private Visit(Uri address, IBrowserContext context, IPage page)
    {
        this.address = address;
        this.context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>What the page did that it must not do.</summary>
    public IEnumerable<string> Complaints => complaints;

    /// <summary>On the dashboard.</summary>
    public static async Task<Visit> BeginAsync(Browser browser, DashboardServer server, bool dark = false, bool phone = false, bool signIn = true)
    {
        Visit visit = await BeginAsync(browser, server.Address, dark, phone);
        if (signIn)
        {
            await visit.GoAsync(server.Access.CreateLink());
            await Assertions.Expect(visit.Page).ToHaveURLAsync(new Uri(server.Address, "/rollouts").ToString(), new() { Timeout = 15_000 });
        }

        return visit;
    }

    /// <summary>On any server, signed in nowhere.</summary>
    public static async Task<Visit> BeginAsync(Browser browser, Uri address, bool dark = false, bool phone = false)
    {
        IBrowserContext context = await browser.OpenAsync(dark, phone);
        context.SetDefaultTimeout(15_000);
        Visit visit = new(address, context, await context.NewPageAsync());
        visit.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                visit.complaints.Enqueue($"{message.Type}: {message.Text}");
            }
        };
        visit.Page.PageError += (_, error) => visit.complaints.Enqueue(error);
        visit.Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address.ToString(), StringComparison.Ordinal))
            {
                visit.complaints.Enqueue($"asks {request.Url}");
            }
        };
        return visit;
    }

    public Task GoAsync(string path) => Page.GotoAsync(new Uri(address, path).ToString());

    /// <summary>axe-core with all of its rules, the best practices too.</summary>
    public async Task<IEnumerable<string>> AxeAsync()
    {
        AxeResult result = await Page.RunAxe().WaitAsync(Browser.Patience);
        Assert.NotEmpty(result.Passes);
        return result.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join(", ", v.Nodes.Select(n => n.Html))}");
    }

    /// <summary>Presses the Tab key until something has the focus.</summary>
    public async Task TabToAsync(ILocator wanted)
    {
        for (int presses = 0; presses < 20; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("e => e === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail("not to be reached with the Tab key");
    }

    /// <summary>Keeps a picture of the whole page among the artefacts.</summary>
    public async Task KeepAsync(string name, string of = "dashboard")
    {
        string folder = Path.Combine(RepositoryRoot(), "artifacts", of);
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync() => await context.CloseAsync();

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RolloutFunctions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
