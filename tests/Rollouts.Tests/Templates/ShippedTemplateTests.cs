using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Analysis.Expressions;
using Rollouts.Manifests;
using Rollouts.Policy;

namespace Rollouts.Tests.Templates;

/// <summary>The templates under <c>infra/templates</c>.</summary>
public sealed class ShippedTemplateTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "templates");

    private static readonly AnalysisArgument[] Arguments =
    [
        new("service-name", "shop"),
        new("canary-hash", null, PodTemplateHash.Latest),
        new("stable-hash", null, PodTemplateHash.Stable),
        new("ingress", "shop"),
    ];

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Fact]
    public void Folder_Templates_AreTheOnesThatTheDocumentationNames() => Assert.Equal(
        ["error-rate", "ingress-nginx-error-rate", "ingress-nginx-p99-latency", "p99-latency"], Names.Select(n => n.Data));

    [Theory]
    [MemberData(nameof(Names))]
    public void ReadTemplates_ShippedFile_HasNoProblemAndSaysWhatItDoes(string name)
    {
        ReleaseReading reading = Read(name);

        Assert.Empty(reading.Problems);
        Assert.Equal([name], reading.Templates.Keys);
        Assert.StartsWith("# ", File.ReadLines(Path.Combine(Folder, $"{name}.yaml")).First());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Resolve_OnlyWhatHasNoDefault_GivesFiveMeasurementsAMinuteApart(string name)
    {
        Metric metric = MetricOf(name);

        Assert.Equal((5, TimeSpan.FromMinutes(1), 1, 1), (metric.Count, metric.Interval, metric.FailureLimit, metric.InconclusiveLimit));
        Assert.DoesNotContain("{{", metric.Prometheus!.Query);
        Assert.Null(metric.Prometheus!.Address);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Resolve_ShorterWindowAndInterval_IsTaken(string name)
    {
        Metric metric = MetricOf(name, new("window", "15s"), new("interval", "2s"), new("min-requests", "5"), new("count", "3"));

        Assert.Equal((3, TimeSpan.FromSeconds(2)), (metric.Count, metric.Interval));
        Assert.Contains("[15s]", metric.Prometheus!.Query);
        Assert.Contains(" >= 5\n", metric.Prometheus!.Query);
    }

    [Theory]
    [InlineData("error-rate", "[0]", MeasurementPhase.Successful)]
    [InlineData("error-rate", "[0.01]", MeasurementPhase.Successful)]
    [InlineData("error-rate", "[0.02]", MeasurementPhase.Inconclusive)]
    [InlineData("error-rate", "[0.05]", MeasurementPhase.Inconclusive)]
    [InlineData("error-rate", "[0.051]", MeasurementPhase.Failed)]
    [InlineData("error-rate", "[0.2]", MeasurementPhase.Failed)]
    [InlineData("p99-latency", "[0.9]", MeasurementPhase.Successful)]
    [InlineData("p99-latency", "[1.5]", MeasurementPhase.Successful)]
    [InlineData("p99-latency", "[2]", MeasurementPhase.Inconclusive)]
    [InlineData("p99-latency", "[3]", MeasurementPhase.Inconclusive)]
    [InlineData("p99-latency", "[3.1]", MeasurementPhase.Failed)]
    [InlineData("p99-latency", "[+Inf]", MeasurementPhase.Failed)]
    public void Judge_Value_PassesFailsOrIsForAPerson(string name, string value, MeasurementPhase phase)
    {
        foreach (string file in new[] { name, $"ingress-nginx-{name}" })
        {
            Measurement measurement = Judge(MetricOf(file), value);

            Assert.Equal((phase, false, null), (measurement.Phase, measurement.NoData, measurement.Message));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Judge_NoData_NeitherPassesNorFails(string name)
    {
        Measurement nan = Judge(MetricOf(name), "[NaN]");
        Measurement empty = Judge(MetricOf(name), "[]");

        // A condition that asked for missing data by itself would take the decision away from the policy.
        Assert.Equal((MeasurementPhase.Inconclusive, true), (nan.Phase, nan.NoData));
        Assert.Equal((MeasurementPhase.Error, true), (empty.Phase, empty.NoData));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_NoDataForAWhile_WaitsAndThenPasses(string name)
    {
        AnalysisRules rules = AnalysisRules.Of(RolloutPolicy.Default);
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        AnalysisRun run = AnalysisRunner.Start("run", [MetricOf(name)], now);

        for (int i = 0; i < 20; i++)
        {
            run = Measured(run, i % 2 == 0 ? "[NaN]" : "[]");
            Assert.False(run.IsCompleted);
            Assert.Equal(DateTimeOffset.UnixEpoch, run.Metrics[0].StarvedSince);
        }

        for (int i = 0; i < 5; i++)
        {
            run = Measured(run, "[0]");
        }

        Assert.Equal(MeasurementPhase.Successful, run.Phase);

        AnalysisRun Measured(AnalysisRun before, string value)
        {
            Measurement measurement = MetricVerdict.Judge(
                before.Metrics[0].Metric, MetricValue.ParsePrometheusNotation(value), null, now, now);
            AnalysisRun after = AnalysisRunner.Record(before, name, before.Metrics[0].Taken + 1, measurement, rules);
            after = AnalysisRunner.Assess(after, rules, now);
            now = AnalysisRunner.NextDue(after) ?? now;
            return after;
        }
    }

    [Fact]
    public void Run_NoDataUnderArgosOwnRules_IsForAPersonAndNeverAnError()
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        AnalysisRun run = AnalysisRunner.Start("run", [MetricOf("error-rate")], now);
        for (int i = 1; !run.IsCompleted; i++)
        {
            run = AnalysisRunner.Record(run, "error-rate", i, Judge(run.Metrics[0].Metric, "[NaN]"), AnalysisRules.Argo);
            run = AnalysisRunner.Assess(run, AnalysisRules.Argo, now);
        }

        Assert.Equal((MeasurementPhase.Inconclusive, 2), (run.Phase, run.Metrics[0].Taken));
    }

    private static ReleaseReading Read(string name)
    {
        string file = Path.Combine(Folder, $"{name}.yaml");
        return ReleaseReader.ReadTemplates([new ManifestFile(file, File.ReadAllText(file))]);
    }

    private static Metric MetricOf(string name, params AnalysisArgument[] more)
    {
        var (metrics, problems) = ArgumentResolution.Resolve([Read(name).Templates[name]], [.. Arguments, .. more], "s1", "c2", []);
        Assert.Empty(problems);
        return Assert.Single(metrics!);
    }

    private static Measurement Judge(Metric metric, string value) => MetricVerdict.Judge(
        metric, MetricValue.ParsePrometheusNotation(value), null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
