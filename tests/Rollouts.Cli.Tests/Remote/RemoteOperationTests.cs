using System.Text.Json;

namespace Rollouts.Cli.Tests.Remote;

/// <summary>What is done to a rollout that has ended, or that another takes the place of, on the command line.</summary>
public sealed class RemoteOperationTests : IAsyncLifetime
{
    private const string Deploys = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: checkout, namespace: shop}
        spec:
          replicas: 2
          rollbackWindow: {revisions: 2}
          selector: {matchLabels: {app: checkout}}
          template:
            metadata: {labels: {app: checkout}}
            spec: {containers: [{name: checkout, image: "checkout:2"}]}
          strategy:
            canary:
              canaryService: checkout-canary
              stableService: checkout-stable
              scaleDownDelaySeconds: 0
              trafficRouting: {nginx: {stableIngress: checkout}}
              steps: [{setWeight: 50}]
        """;

    private readonly TemporaryFiles files = new();
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        files.Dispose();
    }

    [Fact]
    public async Task Retry_FromAStep_BeginsThere()
    {
        string id = await StartAsync(RemoteReleases.Asks);
        await WaitsAsync(id);
        await server.RunAsync("abort", id);
        // A decision is acted upon before the rollback has ended.
        Assert.Equal(1, (await server.RunAsync("watch", id, "--timeout", "1m")).ExitCode);

        CliRun tooFar = await server.RunAsync("retry", id, "--from-step", "2");
        Assert.Equal(2, tooFar.ExitCode);
        Assert.Contains("step 2 can't be retried: the rollout ended at step 1, counted from 0", tooFar.Error, StringComparison.Ordinal);

        CliRun retry = await server.RunAsync("retry", id, "--from-step", "1");
        Assert.True(retry.ExitCode == 0, retry.Error);
        Assert.Contains("attempt 2 begins at step 1", retry.Out, StringComparison.Ordinal);
        Assert.Equal(5, (await WaitsAsync(id)).GetProperty("weight").GetInt32());
    }

    [Fact]
    public async Task Start_Supersede_EndsTheOneUnderWay()
    {
        string older = await StartAsync(RemoteReleases.Asks);
        await WaitsAsync(older);
        string newer = files.Write("newer.yaml", RemoteReleases.Asks.Replace("setWeight: 5\n", "setWeight: 7\n", StringComparison.Ordinal));

        CliRun refused = await server.RunAsync("start", "-f", newer);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(older, refused.Error, StringComparison.Ordinal);

        CliRun start = await server.RunAsync("start", "-f", newer, "--supersede", "-o", "json");
        Assert.True(start.ExitCode == 0, start.Error);
        Assert.Equal(7, (await WaitsAsync(start.Json.GetProperty("id").GetString()!)).GetProperty("weight").GetInt32());
        Assert.Equal("Superseded", (await server.RunAsync("status", older, "-o", "json")).Json.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Undo_PromotedRelease_GoesBackWithoutSteps()
    {
        string id = await PromotedAsync();
        string? second = server.Deployments.Stable!.Revision;

        CliRun unknown = await server.RunAsync("undo", id, "--to-revision", "never");
        Assert.Equal(2, unknown.ExitCode);
        CliRun undo = await server.RunAsync("undo", id, "--reason", "coupons");
        Assert.True(undo.ExitCode == 0, undo.Error);

        CliRun watch = await server.RunAsync("watch", undo.Out.Trim(), "--timeout", "1m");
        Assert.Contains("FastRolledBack", watch.Out, StringComparison.Ordinal);
        Assert.NotEqual(second, server.Deployments.Stable.Revision);
    }

    [Fact]
    public async Task Restart_PromotedRelease_ReplacesItsPods()
    {
        string id = await PromotedAsync();

        CliRun restart = await server.RunAsync("restart", id, "--reason", "leak", "--by", "jo");

        Assert.True(restart.ExitCode == 0, restart.Error);
        Assert.Contains("Restart of the stable pods by jo (leak)", restart.Out, StringComparison.Ordinal);
    }

    private async Task<string> PromotedAsync()
    {
        CliRun run = await server.RunAsync("start", "-f", files.Write("deploys.yaml", Deploys), "--wait", "--timeout", "1m", "-o", "json");
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        return run.Json.GetProperty("id").GetString()!;
    }

    private async Task<string> StartAsync(string release) =>
        (await server.RunAsync("start", "-f", files.Write("rollout.yaml", release), "-o", "json")).Json.GetProperty("id").GetString()!;

    private async Task<JsonElement> WaitsAsync(string id)
    {
        for (int i = 0; i < 600; i++)
        {
            JsonElement status = (await server.RunAsync("status", id, "-o", "json")).Json;
            if (status.GetProperty("waitingFor").GetString() == "decision")
                return status;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"{id} does not wait for a decision");
        return default;
    }
}
