using System.Text.Json;

namespace Rollouts.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private const string Release = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: checkout, namespace: shop}
        spec:
          strategy:
            canary:
              canaryService: checkout-canary
              stableService: checkout-stable
              trafficRouting: {nginx: {stableIngress: checkout}}
              steps:
              - setWeight: 5
              - pause: {duration: 5m}
              - analysis:
                  templates: [{templateName: error-rate}]
                  args: [{name: service-name, value: checkout}]
              - setWeight: 50
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: error-rate}
        spec:
          args: [{name: service-name}]
          metrics:
          - name: error-rate
            interval: 30s
            count: 4
            failureLimit: 1
            successCondition: result[0] <= 0.01
            failureCondition: result[0] > 0.05
            provider:
              prometheus:
                query: sum(rate(errors{job="{{args.service-name}}"}[5m]))
        """;

    private readonly TemporaryFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task Validate_TemplateInAFolder_IsFoundThere()
    {
        string[] parts = Release.Split("---\n");
        using TemporaryFiles templates = new();
        templates.Write("error-rate.yaml", parts[1]);
        string release = files.Write("release.yaml", parts[0]);

        Assert.Equal(2, (await CliRun.RunAsync("validate", "-f", release)).ExitCode);
        CliRun run = await CliRun.RunAsync("validate", "-f", release, "--templates", templates.PathOf(""));
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("there is no AnalysisTemplate", run.Error);
        Assert.Equal(0, (await CliRun.RunAsync("simulate", "-f", release, "--templates", templates.PathOf(""))).ExitCode);
    }

    [Fact]
    public async Task Validate_FolderOfTemplatesThatIsNone_IsInvalid()
    {
        CliRun run = await CliRun.RunAsync("validate", "-f", files.Write("release.yaml", Release), "--templates", files.PathOf("none"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--templates: ", run.Error);
    }

    [Fact]
    public async Task Validate_GoodRelease_IsValid()
    {
        CliRun run = await CliRun.RunAsync("validate", "-f", files.Write("release.yaml", Release), "--output", "json");
        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Json.GetProperty("valid").GetBoolean());
        Assert.Equal(JsonValueKind.Array, run.Json.GetProperty("problems").ValueKind);
    }

    [Fact]
    public async Task Migrate_Release_PrintsItWithTheRouteToCreate()
    {
        string file = files.Write("release.yaml", Release);

        CliRun run = await CliRun.RunAsync("migrate", "-f", file, "--gateway", "infra/public");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("trafficRouting: {plugins: {argoproj-labs/gatewayAPI: {httpRoute: checkout}}}", run.Out, StringComparison.Ordinal);
        Assert.Contains("kind: HTTPRoute", run.Out, StringComparison.Ordinal);
        Assert.Contains("note: the Ingress checkout is not among the files", run.Error, StringComparison.Ordinal);
        CliRun again = await CliRun.RunAsync("migrate", "-f", files.Write("moved.yaml", run.Out.Split("---\napiVersion: gateway")[0]), "--output", "json");
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("is not routed by ingress-nginx", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_BadRelease_NamesFileLineAndPath()
    {
        string file = files.Write("release.yaml", Release.Replace("setWeight: 5\n", "setWeight: -5\n", StringComparison.Ordinal));
        CliRun run = await CliRun.RunAsync("validate", "-f", file, "--output", "json");
        Assert.Equal(2, run.ExitCode);
        JsonElement problem = run.Json.GetProperty("problems")[0];
        Assert.Equal(file, problem.GetProperty("file").GetString());
        Assert.Equal(11, problem.GetProperty("line").GetInt32());
        Assert.Equal("spec.strategy.canary.steps[0].setWeight", problem.GetProperty("path").GetString());
        Assert.Equal("error", problem.GetProperty("severity").GetString());

        CliRun text = await CliRun.RunAsync("validate", "-f", file);
        Assert.Contains($"{file}:11: spec.strategy.canary.steps[0].setWeight: ", text.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN", "result >= 0.9", null, "Failed")]
    [InlineData("NaN", "result >= 0.9", "result < 0.9", "Inconclusive")]
    [InlineData("[0.02]", "result[0] <= 0.01", "result[0] > 0.05", "Inconclusive")]
    [InlineData("+Inf", "result >= 0.9", null, "Successful")]
    [InlineData("-Inf", "result < 0", null, "Successful")]
    [InlineData("-2.5", "result < 0", null, "Successful")]
    [InlineData("[]", "result[0] <= 0.01", null, "Error")]
    [InlineData("[NaN, 1]", null, "result[1] > 0", "Failed")]
    public async Task Evaluate_Value_HasArgosPhase(string result, string? success, string? failure, string phase)
    {
        List<string> args = ["evaluate", "--result", result, "--output", "json"];
        args.AddRange(success is null ? [] : ["--success", success]);
        args.AddRange(failure is null ? [] : ["--failure", failure]);
        CliRun run = await CliRun.RunAsync([.. args]);
        Assert.Equal((0, phase), (run.ExitCode, run.Json.GetProperty("phase").GetString()));
    }

    [Fact]
    public async Task Evaluate_ValueThatIsNone_IsInvalidInput()
    {
        CliRun run = await CliRun.RunAsync("evaluate", "--result", "[1,", "--success", "true");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("--result: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_Series_PrintsEveryCounter()
    {
        CliRun run = await CliRun.RunAsync(
            "analyze", "-f", files.Write("release.yaml", Release), "--template", "error-rate", "--arg", "service-name=checkout", "--output", "json",
            "--series", files.Write("series.json", """{"error-rate": [[0.2], {"error": "503"}, [0.001], ["NaN", 0.3], [0.3]]}"""));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("Inconclusive", run.Json.GetProperty("phase").GetString());
        JsonElement metric = run.Json.GetProperty("metrics")[0];
        Assert.Equal(
            (3, 1, 1, 1, 1, 0, 0),
            (Number("count"), Number("successful"), Number("failed"), Number("inconclusive"), Number("error"), Number("consecutiveError"), Number("consecutiveSuccess")));
        Assert.Equal([0.0, 30, 40, 70], metric.GetProperty("measurements").EnumerateArray().Select(m => m.GetProperty("at").GetDouble()));
        Assert.Equal("[NaN,0.3]", metric.GetProperty("measurements")[3].GetProperty("value").GetString());

        int Number(string name) => metric.GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("--template", "nope", "there is no such template")]
    [InlineData("--arg", "service-name", "must be name=value")]
    public async Task Analyze_BadInput_IsNamed(string option, string value, string message)
    {
        Dictionary<string, string> options = new() { ["--template"] = "error-rate", ["--arg"] = "service-name=checkout", [option] = value };
        CliRun run = await CliRun.RunAsync(
            ["analyze", "-f", files.Write("release.yaml", Release), "--series", files.Write("series.json", "{}"), .. options.SelectMany(o => new[] { o.Key, o.Value })]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulate_WithDecisions_PrintsTheTimeline()
    {
        CliRun run = await CliRun.RunAsync(
            "simulate", "-f", files.Write("release.yaml", Release), "--output", "json",
            "--series", files.Write("series.json", """{"error-rate": [[0.03]]}"""),
            "--decisions", files.Write("decisions.json", """[{"at": 1000, "command": "promote", "by": "jo"}]"""));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("Promoted", run.Json.GetProperty("outcome").GetString());
        Assert.Equal("Healthy", run.Json.GetProperty("phase").GetString());
        Assert.Equal(1000, run.Json.GetProperty("durationSeconds").GetDouble());
        JsonElement[] events = [.. run.Json.GetProperty("events").EnumerateArray()];
        Assert.Contains(events, e => e.GetProperty("type").GetString() == "QuestionAsked" && e.GetProperty("at").GetDouble() == 300 && e.GetProperty("weight").GetInt32() == 5);
        Assert.Equal(100, events[^1].GetProperty("weight").GetInt32());
    }

    [Theory]
    [InlineData("""{"error-rate": [[0.2]]}""", 1, "RolledBack")]
    [InlineData("""{"error-rate": [[0.001]]}""", 0, "Promoted")]
    [InlineData("""{"error-rate": [[]]}""", 1, "Aborted")]
    public async Task Simulate_Series_HasItsExitCode(string series, int exitCode, string outcome)
    {
        CliRun run = await CliRun.RunAsync(
            "simulate", "-f", files.Write("release.yaml", Release), "--output", "json", "--series", files.Write("series.json", series));
        Assert.Equal((exitCode, outcome), (run.ExitCode, run.Json.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Simulate_SameMeasurementAgainAndAgain_IsOneLine()
    {
        CliRun run = await CliRun.RunAsync(
            "simulate", "-f", files.Write("release.yaml", Release), "--series", files.Write("series.json", """{"error-rate": [[]]}"""));

        Assert.Matches(@"Measured +error-rate = \[\].*\n +… [0-9]+ times more, until 14m50s", run.Out);
    }

    [Fact]
    public async Task Simulate_ScheduleRequestsAndANewerRelease_AreToldInEachForm()
    {
        const string policy = """
            ---
            apiVersion: rolloutfunctions/v1
            kind: RolloutPolicy
            metadata: {name: checkout}
            spec:
              minimumRequests: {query: "sum(increase(requests[5m]))", count: 500}
              schedule: {timeZone: Europe/Berlin, freezes: [{from: "2026-11-27 16:00", to: "2026-11-27 18:00"}]}
            """;
        string[] args =
        [
            "simulate", "-f", files.Write("release.yaml", Release + "\n" + policy),
            "--cluster", files.Write("cluster.json", """{"startsAt": "2026-11-27T15:55:00+01:00", "requestsPerSecond": 20, "requestChanges": [{"at": 200, "perSecond": 40}]}"""),
            "--decisions", files.Write("decisions.json", """[{"at": 1000, "command": "supersede", "by": "checkout.2", "reason": "newer"}]"""),
        ];

        CliRun text = await CliRun.RunAsync(args);
        CliRun json = await CliRun.RunAsync([.. args, "--output", "json"]);
        CliRun svg = await CliRun.RunAsync([.. args, "--output", "svg"]);

        Assert.Equal((1, "Superseded"), (text.ExitCode, json.Json.GetProperty("outcome").GetString()));
        Assert.StartsWith("Starts on Fri 2026-11-27 at 15:55 +01:00", text.Out, StringComparison.Ordinal);
        Assert.Contains("too few requests (400 of at least 500)", text.Out, StringComparison.Ordinal);
        Assert.Contains(json.Json.GetProperty("spans").EnumerateArray(), s => s.GetProperty("name").GetString() == "schedule closed");
        Assert.Contains("ScheduleClosed: The weight is not raised to 50", svg.Out, StringComparison.Ordinal);
        Assert.Contains(">schedule closed<", svg.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"requestsPerSecond": 10, "faults": [{"what": "traffic", "at": 1, "for": 5}]}""")]
    [InlineData("""{"requestsPerSecond": 10}""")]
    public async Task Simulate_Svg_DrawsTheTimeline(string cluster)
    {
        CliRun run = await CliRun.RunAsync(
            "simulate", "-f", files.Write("release.yaml", Release), "--output", "svg", "--cluster", files.Write("cluster.json", cluster),
            "--decisions", files.Write("decisions.json", """[{"at": 1, "command": "pause"}, {"at": 2, "command": "resume"}]"""));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("by simulation", run.Out, StringComparison.Ordinal);
        Assert.StartsWith("<svg ", run.Out, StringComparison.Ordinal);
        Assert.Contains("% of the requests (", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"podStartupSeconds": -1}""", "podStartupSeconds must be 0 or more")]
    [InlineData("""{"faults": [{"at": 1}]}""", "what")]
    [InlineData("""{"faults": [{"what": "weather"}]}""", "faults[0].what")]
    [InlineData("""{"pods": 3}""", "pods")]
    [InlineData("""{"versionsAgo": -1}""", "versionsAgo must be 0 to 100")]
    [InlineData("""{"startsAt": "next week"}""", "startsAt")]
    [InlineData("""{"startsAt": "0001-01-01T00:00:00Z"}""", "startsAt must be a time of the years 1990 to 2500")]
    [InlineData("""{"requestsPerSecond": 5, "requestChanges": [{"at": 1, "perSecond": -1}]}""", "requestChanges[0].perSecond must be 0 or more")]
    [InlineData("""{"requestsPerSecond": 5, "requestChanges": [{"at": 1}]}""", "perSecond")]
    [InlineData("""{"requestChanges": [{"at": 1, "perSecond": 1}]}""", "requestChanges needs requestsPerSecond")]
    public async Task Simulate_BadCluster_IsNamed(string cluster, string named)
    {
        CliRun run = await CliRun.RunAsync("simulate", "-f", files.Write("release.yaml", Release), "--cluster", files.Write("cluster.json", cluster));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"at": -1, "command": "abort", "by": "jo"}]""", "[0].at")]
    [InlineData("""[{"at": 1, "command": "explode", "by": "jo"}]""", "[0].command")]
    [InlineData("""[{"at": 1, "by": "jo"}]""", "command")]
    [InlineData("""[{"at": 1, "command": "abort", "bye": "jo"}]""", "bye")]
    [InlineData("""[{"at": 1, "command": "abort", "fromStep": 1}]""", "[0].fromStep: goes with retry only")]
    public async Task Simulate_BadDecisions_AreNamed(string decisions, string named)
    {
        CliRun run = await CliRun.RunAsync(
            "simulate", "-f", files.Write("release.yaml", Release), "--decisions", files.Write("decisions.json", decisions));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("evaluate")]
    [InlineData("demo", "wonderful")]
    [InlineData("validate", "-f", "/nowhere/release.yaml")]
    [InlineData("run", "-f", "/nowhere/release.yaml")]
    [InlineData("serve", "--kubeconfig", "/nowhere/config")]
    public async Task AnyCommand_BadUsage_EndsWithTwoAndSaysWhy(params string[] args)
    {
        CliRun run = await CliRun.RunAsync(args);
        Assert.Equal(2, run.ExitCode);
        Assert.NotEmpty(run.Error);
    }
}
