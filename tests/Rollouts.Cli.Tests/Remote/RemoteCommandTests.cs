using System.Text.Json;

namespace Rollouts.Cli.Tests.Remote;

public sealed class RemoteCommandTests : IAsyncLifetime
{
    private readonly TemporaryFiles files = new();
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        files.Dispose();
    }

    [Fact]
    public async Task Start_WaitForAGoodRelease_EndsWithZeroAndTellsTheJournal()
    {
        CliRun run = await server.RunAsync("start", "-f", files.Write("rollout.yaml", RemoteReleases.Walks), files.Write("template.yaml", RemoteReleases.Template), "--wait");
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Contains("AnalysisRunSuccessful", run.Out, StringComparison.Ordinal);
        Assert.Contains("Promoted: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WaitForABadRelease_EndsWithOneAndJsonOnTheOutputOnly()
    {
        server.Metrics.Answer = "[0.2]";
        CliRun run = await server.RunAsync(
            "start", "-f", files.Write("rollout.yaml", RemoteReleases.Walks), files.Write("template.yaml", RemoteReleases.Template), "--wait", "--output", "json");
        Assert.True(run.ExitCode == 1, run.Out + run.Error);
        Assert.Equal("RolledBack", run.Json.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_KeyIsTakenNoMore_EndsWithThreeAndSaysThatTheRolloutGoesOn(bool starts)
    {
        await using TestServer expiring = await TestServer.OpenAsync("rollouts.start");
        string file = files.Write("rollout.yaml", RemoteReleases.Asks);
        string id = (await expiring.RunAsync("start", "-f", file)).Out.Trim();
        Task<CliRun> waiting = starts ? expiring.RunAsync("start", "-f", file, "--wait") : expiring.RunAsync("watch", id);
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        expiring.IsKeyTaken = false;

        CliRun run = await waiting.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("The rollout goes on; rollouts watch " + id, run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await expiring.RunAsync("watch", id)).ExitCode);
    }

    [Fact]
    public async Task Start_WithoutWait_PrintsTheIdAndFindsItAgain()
    {
        string file = files.Write("rollout.yaml", RemoteReleases.Asks);
        CliRun first = await server.RunAsync("start", "-f", file);
        CliRun again = await server.RunAsync("start", "-f", file, "-o", "json");
        Assert.Equal((0, 0), (first.ExitCode, again.ExitCode));
        Assert.Equal(first.Out.Trim(), again.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Start_ProblemsInSeveralFiles_NamesEachFileAndLine()
    {
        string rollout = files.Write("rollout.yaml", RemoteReleases.Walks.Replace("setWeight: 5\n", "setWeight: 500\n", StringComparison.Ordinal));
        string template = files.Write("template.yaml", RemoteReleases.Template.Replace("successCondition", "successConditon", StringComparison.Ordinal));
        CliRun run = await server.RunAsync("start", "-f", rollout, template);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"{rollout}:11: spec.strategy.canary.steps[0].setWeight: ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{template}:7: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FailOnPause_EndsWithFourAndSaysHowToAnswer()
    {
        CliRun run = await server.RunAsync("start", "-f", files.Write("rollout.yaml", RemoteReleases.Asks), "--wait", "--fail-on-pause");
        Assert.True(run.ExitCode == 4, run.Out + run.Error);
        Assert.Contains("rollouts promote shop.checkout.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(TestServer.Key, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Timeout_EndsWithThreeAndLeavesTheRollout()
    {
        CliRun run = await server.RunAsync("start", "-f", files.Write("rollout.yaml", RemoteReleases.Asks), "--wait", "--timeout", "2s");
        Assert.True(run.ExitCode == 3, run.Out + run.Error);
        Assert.Contains("gave up waiting after 2s", run.Error, StringComparison.Ordinal);
        CliRun list = await server.RunAsync("list", "-o", "json");
        Assert.Equal("Paused", list.Json[0].GetProperty("phase").GetString());
    }

    [Fact]
    public async Task Start_Requester_IsWhoMayNotApprove()
    {
        string release = files.Write("rollout.yaml", RemoteReleases.Asks + """

            ---
            apiVersion: rolloutfunctions/v1
            kind: RolloutPolicy
            metadata: {name: default}
            spec:
              approval: {requesterMayApprove: false}
            """);
        Assert.Equal(0, (await server.RunAsync("start", "-f", release, "--requester", "slack:U0123")).ExitCode);
        string id = await PausedAsync();
        CliRun promote = await server.RunAsync("promote", id);
        Assert.Equal(2, promote.ExitCode);
        Assert.Contains("nobody vouches for who decided over cli", promote.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await server.RunAsync("abort", id)).ExitCode);
    }

    [Fact]
    public async Task Start_WaitWhileTheServerRestarts_SeesTheEnd()
    {
        Task<CliRun> waiting = server.RunAsync("start", "-f", files.Write("rollout.yaml", RemoteReleases.Asks), "--wait", "--timeout", "2m");
        string id = await PausedAsync();
        await server.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await server.StartAsync();
        Assert.Equal(0, (await server.RunAsync("promote", id)).ExitCode);
        CliRun run = await waiting;
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Contains("Promoted: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WaitWhileTheServerStaysAway_GivesUpInTime()
    {
        Task<CliRun> waiting = server.RunAsync("start", "-f", files.Write("rollout.yaml", RemoteReleases.Asks), "--wait", "--timeout", "10s");
        await PausedAsync();
        await server.StopAsync();
        CliRun run = await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 3, run.Out + run.Error);
    }

    [Fact]
    public async Task Decisions_Each_SayWhatTheRolloutMakesOfThem()
    {
        await server.RunAsync("start", "-f", files.Write("rollout.yaml", RemoteReleases.Asks));
        string id = await PausedAsync();

        CliRun resume = await server.RunAsync("resume", id);
        Assert.Equal(2, resume.ExitCode);
        Assert.Contains("not paused by hand", resume.Error, StringComparison.Ordinal);

        CliRun closed = await server.RunAsync("promote", id, "--question", "q7");
        Assert.Equal(2, closed.ExitCode);
        Assert.Contains("not open any more", closed.Error, StringComparison.Ordinal);

        CliRun pause = await server.RunAsync("pause", id, "--reason", "lunch", "--by", "jo", "-o", "json");
        Assert.Equal(0, pause.ExitCode);
        Assert.True(pause.Json.GetProperty("taken").GetBoolean());
        Assert.Equal("manually paused by jo (lunch)", pause.Json.GetProperty("message").GetString());
        Assert.Equal("jo", pause.Json.GetProperty("status").GetProperty("manualPause").GetProperty("by").GetString());

        CliRun abort = await server.RunAsync("abort", id, "--reason", "enough");
        Assert.Equal(0, abort.ExitCode);
        Assert.Contains("(enough): rolls back", abort.Out, StringComparison.Ordinal);

        CliRun watch = await server.RunAsync("watch", id);
        Assert.Equal(1, watch.ExitCode);

        CliRun late = await server.RunAsync("promote-full", id);
        Assert.Equal(2, late.ExitCode);
        Assert.Contains("already finished", late.Error, StringComparison.Ordinal);

        CliRun retry = await server.RunAsync("retry", id);
        Assert.True(retry.ExitCode == 0, retry.Error);
        Assert.Contains("attempt 2", retry.Out, StringComparison.Ordinal);
        await PausedAsync();
        Assert.Equal(0, (await server.RunAsync("promote-full", id)).ExitCode);
        Assert.Equal(0, (await server.RunAsync("watch", id, "--timeout", "1m")).ExitCode);
    }

    [Fact]
    public async Task Status_And_List_ShowWhereARolloutStands()
    {
        await server.RunAsync("start", "-f", files.Write("rollout.yaml", RemoteReleases.Asks));
        string id = await PausedAsync();

        CliRun status = await server.RunAsync("status", id);
        Assert.Equal(0, status.ExitCode);
        Assert.Contains("shop/checkout", status.Screen, StringComparison.Ordinal);
        Assert.Contains("q1 is open", status.Screen, StringComparison.Ordinal);
        CliRun json = await server.RunAsync("status", id, "--output", "json");
        Assert.Equal("decision", json.Json.GetProperty("waitingFor").GetString());

        CliRun list = await server.RunAsync("list");
        string[] lines = list.Out.TrimEnd().Split('\n');
        Assert.StartsWith("ID ", lines[0], StringComparison.Ordinal);
        Assert.Contains($"{id}  Paused  2/3   5/100   decision ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Judge_ARollback_IsCountedInTheLedger()
    {
        server.Metrics.Answer = "[0.2]";
        string[] release = ["-f", files.Write("rollout.yaml", RemoteReleases.Walks), files.Write("template.yaml", RemoteReleases.Template)];
        CliRun start = await server.RunAsync(["start", .. release, "--wait", "-o", "json"]);
        string id = start.Json.GetProperty("id").GetString()!;

        CliRun judge = await server.RunAsync("judge", id, "wrong", "--reason", "the load test ran", "--by", "jo");
        Assert.True(judge.ExitCode == 0, judge.Error);
        Assert.Equal("RolledBack of shop/checkout was wrong", judge.Out.Trim());

        CliRun ledger = await server.RunAsync("ledger");
        Assert.Matches(@"(?m)^shop/checkout\s+1\s+1 \(100 %\)\s+0\s+1 \(100 %\)\s+0\s+0\s+0\s+-$", ledger.Out);
        Assert.Matches(@"(?m)^error-rate\s+1\s+1 ", ledger.Out);
        CliRun json = await server.RunAsync("ledger", "--since", "2000-01-01", "-o", "json");
        Assert.Equal(1, json.Json.GetProperty("all").GetProperty("false").GetInt32());
    }

    [Theory]
    [InlineData("nope", "right", "the ledger has no rollout nope")]
    [InlineData("nope", "maybe", "maybe")]
    public async Task Judge_BadInput_EndsWithTwo(string id, string verdict, string message)
    {
        CliRun run = await server.RunAsync("judge", id, verdict);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_WithoutTheKey_EndsWithTwoAndNamesTheCure()
    {
        CliRun run = await CliRun.RunAsync("list", "--server", server.Address.ToString(), "--key", "not the key of this server");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--key", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not the key of this server", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", "nope")]
    [InlineData("abort", "nope")]
    [InlineData("watch", "nope")]
    public async Task AnyCommand_UnknownRollout_EndsWithTwo(string command, string id)
    {
        CliRun run = await server.RunAsync(command, id);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("there is no rollout nope", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_NoServerThere_GivesUpWithThree()
    {
        string address = server.Address.ToString();
        await server.StopAsync();
        CliRun run = await CliRun.RunAsync("list", "--server", address);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains(address, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("list", "--server", "ftp://somewhere")]
    [InlineData("watch", "x", "--server", "http://127.0.0.1:9", "--timeout", "soon")]
    [InlineData("start", "-f", "x.yaml", "--server", "http://127.0.0.1:9", "--fail-on-pause")]
    public async Task AnyCommand_BadUsage_EndsWithTwo(params string[] args)
    {
        CliRun run = await CliRun.RunAsync(args);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Waits until the one rollout that the server has waits for a person.</summary>
    private async Task<string> PausedAsync()
    {
        for (int look = 0; look < 200; look++)
        {
            CliRun list = await server.RunAsync("list", "-o", "json");
            JsonElement rollout = list.Json.EnumerateArray().FirstOrDefault();
            if (rollout.ValueKind == JsonValueKind.Object && rollout.TryGetProperty("question", out _))
            {
                return rollout.GetProperty("id").GetString()!;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail("the rollout did not come to its pause");
        return "";
    }
}
