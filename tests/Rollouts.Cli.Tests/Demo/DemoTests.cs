using System.Globalization;
using System.Text.RegularExpressions;

namespace Rollouts.Cli.Tests.Demo;

/// <summary>The demos as a person runs them: real nginx, real Prometheus, real traffic.</summary>
public sealed partial class DemoTests
{
    [Fact]
    public async Task Good_IsPromotedAndNginxSentWhatWasAskedFor()
    {
        CliRun run = await CliRun.RunAsync("demo", "good");
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Contains("Promoted after", run.Out, StringComparison.Ordinal);
        foreach ((int weight, long requests, long canary, long byHeader) in Windows(run.Screen))
        {
            // Five standard deviations of a fair draw, and half a per cent for what was under way when the window opened.
            double expected = weight / 100.0;
            double tolerance = (5 * Math.Sqrt(expected * (1 - expected) / requests)) + 0.005;
            Assert.InRange((double)canary / requests, expected - tolerance, expected + tolerance);
            Assert.True(weight is 100 or 0 || byHeader > 0, $"the header route was not used at weight {weight}");
        }

        Assert.Equal([0, 5, 25, 100], Windows(run.Screen).Select(w => w.Weight));
    }

    [Fact]
    public async Task Image_IsDeployedTriedAndTakenOverByTheStableDeployment()
    {
        CliRun run = await CliRun.RunAsync("demo", "image");
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Contains("Scaled up canary", run.Out, StringComparison.Ordinal);
        Assert.Contains("StableUpdated", run.Out, StringComparison.Ordinal);
        Assert.Equal([0, 5, 25, 100, 0], Windows(run.Screen).Select(w => w.Weight));
        Assert.Equal(0, Windows(run.Screen).Last().Canary);
    }

    [Fact]
    public async Task Bad_IsRolledBackByAnalysis()
    {
        CliRun run = await CliRun.RunAsync("demo", "bad");
        Assert.True(run.ExitCode == 1, run.Out + run.Error);
        Assert.Contains("failed (3) > failureLimit (2)", run.Out, StringComparison.Ordinal);
        Assert.Equal((0, 0L), Windows(run.Screen).Select(w => (w.Weight, w.Canary)).Last());
        Assert.DoesNotContain(Windows(run.Screen), w => w.Weight == 25);
    }

    [Fact]
    public async Task Degraded_FailOnPause_EndsWithFourAndSaysHowToAnswer()
    {
        CliRun run = await CliRun.RunAsync("demo", "degraded", "--fail-on-pause");
        Assert.True(run.ExitCode == 4, run.Out + run.Error);
        Assert.Contains("rollouts promote demo.checkout.", run.Error, StringComparison.Ordinal);
        Assert.Contains("rollouts abort demo.checkout.", run.Error, StringComparison.Ordinal);
        Assert.Contains("error-rate", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("promote", 0, "Promoted")]
    [InlineData("abort", 1, "Aborted")]
    public async Task Degraded_Decided_GoesWhereItWasTold(string decision, int exitCode, string outcome)
    {
        CliRun run = await CliRun.RunAsync("demo", "degraded", "--decide", decision, "--output", "json");
        Assert.True(run.ExitCode == exitCode, run.Out + run.Error);
        Assert.Equal(outcome, run.Json.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Good_WhilePrometheusIsAway_RollsNothingBack()
    {
        CliRun run = await CliRun.RunAsync("demo", "good", "--outage", "15");
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Contains("Prometheus is stopped", run.Error, StringComparison.Ordinal);
        Assert.Contains("error-rate = (no value): Error", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("RolloutAborted", run.Out, StringComparison.Ordinal);
    }

    private static IEnumerable<(int Weight, long Requests, long Canary, long ByHeader)> Windows(string screen) =>
        Row().Matches(screen).Select(m => (
            int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture),
            long.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture),
            long.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture),
            long.Parse(m.Groups[4].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"│\s*(\d+) %\s*│\s*(\d+)\s*│\s*(\d+)\s*│[^│]*│\s*(\d+)\s*│")]
    private static partial Regex Row();
}
