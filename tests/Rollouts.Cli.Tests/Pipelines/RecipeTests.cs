using Rollouts.Cli.Tests.Remote;

namespace Rollouts.Cli.Tests.Pipelines;

/// <summary>The recipes' own shell steps against the server of <c>rollouts serve</c>. Only the step that installs the tool from a feed is left out.</summary>
public sealed class RecipeTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.OpenAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Recipe_GoodRelease_EndsGreen(bool azure)
    {
        using Agent agent = Prepared(azure, RemoteReleases.Walks);
        foreach (ShellStep step in Steps(azure).Where(s => s.Condition is null || s.Condition.Contains("always", StringComparison.Ordinal)))
        {
            (int exitCode, string output) = await agent.RunAsync(step);
            Assert.True(exitCode == 0, $"{step.Name}: {exitCode}: {output}");
        }

        CliRun list = await server.RunAsync("list", "-o", "json");
        Assert.Equal("Promoted", list.Json[0].GetProperty("outcome").GetString());
        Assert.True(azure || agent.Summary.Contains("shop/checkout  Healthy", StringComparison.Ordinal), agent.Summary);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Recipe_BadRelease_FailsWhileItWaits(bool azure)
    {
        server.Metrics.Answer = "[0.2]";
        using Agent agent = Prepared(azure, RemoteReleases.Walks);
        List<(string Name, int ExitCode)> ran = [];
        foreach (ShellStep step in Steps(azure).Where(s => s.Condition is null))
        {
            ran.Add((step.Name, (await agent.RunAsync(step)).ExitCode));
        }

        Assert.Equal([("Check the release", 0), ("Start", 0), ("Wait", 1)], ran);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Recipe_ReleaseWithAProblem_FailsBeforeItStarts(bool azure)
    {
        using Agent agent = Prepared(azure, RemoteReleases.Walks.Replace("setWeight: 5\n", "setWeight: 500\n", StringComparison.Ordinal));
        (int exitCode, string output) = await agent.RunAsync(Steps(azure)[0]);
        Assert.Equal(2, exitCode);
        Assert.Contains("deploy/release.yaml:11: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Recipe_Cancelled_RollsBack(bool azure)
    {
        using Agent agent = Prepared(azure, RemoteReleases.Asks);
        IReadOnlyList<ShellStep> steps = Steps(azure);
        Assert.Equal(0, (await agent.RunAsync(steps.Single(s => s.Name == "Start"))).ExitCode);
        (int exitCode, string output) = await agent.RunAsync(steps.Single(s => s.Condition?.Contains("cancel", StringComparison.Ordinal) == true));
        Assert.True(exitCode == 0, output);
        CliRun list = await server.RunAsync("list", "-o", "json");
        string id = list.Json[0].GetProperty("id").GetString()!;
        Assert.Equal(1, (await server.RunAsync("watch", id, "--timeout", "1m")).ExitCode);
        Assert.Equal(0, server.Cluster.Weights.Last());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Recipe_TokenWithTheRolesItNames_MayDoAllItsSteps(bool azure)
    {
        await server.DisposeAsync();
        server = await TestServer.OpenAsync([.. Recipe.Roles(azure)]);
        using Agent agent = Prepared(azure, RemoteReleases.Asks);
        IReadOnlyList<ShellStep> steps = Steps(azure);
        foreach (ShellStep step in new[] { Named("Start"), steps.Single(s => s.Condition?.Contains("cancel", StringComparison.Ordinal) == true), Named("Say how it went") })
        {
            (int exitCode, string output) = await agent.RunAsync(step);
            Assert.True(exitCode == 0, $"{step.Name}: {exitCode}: {output}");
        }

        Assert.Equal(1, (await agent.RunAsync(Named("Wait"))).ExitCode);

        ShellStep Named(string name) => steps.Single(s => s.Name == name);
    }

    private Agent Prepared(bool azure, string release)
    {
        Agent agent = new(server, azure);
        agent.Write("release.yaml", release);
        agent.Write("error-rate.yaml", RemoteReleases.Template);
        return agent;
    }

    private static IReadOnlyList<ShellStep> Steps(bool azure) =>
        [.. (azure ? Recipe.Azure() : Recipe.GitHub()).Steps.Where(s => s.Name != "Install")];
}
