using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Analysis.Expressions;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Tests.Manifests;

namespace Rollouts.Tests.Analysis;

/// <summary>Secrets go into a measurement and come out of it nowhere.</summary>
public sealed class MeasurementTakerTests
{
    private const string Secret = "s3cr\"t/+value";

    private const string Args = "  args:\n  - name: token\n    valueFrom: {secretKeyRef: {name: prometheus, key: token}}\n  - {name: tenant, value: shop}\n  metrics:";

    private const string Header = "        headers:\n        - {key: Authorization, value: \"Bearer {{args.token}}\"}\n        - {key: X-Scope-OrgID, value: \"{{args.tenant}}\"}\n        address";

    private static readonly string Template = Manifest.Template.Replace("  metrics:", Args).Replace("        address", Header);

    [Fact]
    public void Resolve_HeaderFromASecret_StaysOpenAndTheReleaseHoldsNoValue()
    {
        Metric metric = Metric(Template, out Release release);

        Assert.Equal("Bearer {{args.token}}", metric.Prometheus!.Headers[0].Value);
        Assert.Equal("shop", metric.Prometheus.Headers[1].Value);
        Assert.Equal(["provider.prometheus.headers[0].value"], metric.Secrets!.Fields);
        Assert.Equal(new SecretReference("prometheus", "token"), metric.Secrets.References["token"]);
        Assert.DoesNotContain(Secret, JsonSerializer.Serialize(release, RolloutJson.Default.Release));
    }

    [Fact]
    public async Task Take_Secret_IsReadForEachMeasurementAndSent()
    {
        var world = new World { Answer = q => new ScalarValue(1) };

        Measurement measurement = await world.Taker.TakeAsync(Metric(Template, out _), CancellationToken.None);
        await world.Taker.TakeAsync(Metric(Template, out _), CancellationToken.None);

        Assert.Equal([(new("default"), new SecretReference("prometheus", "token")), (new("default"), new SecretReference("prometheus", "token"))], world.Read);
        QueryHeader sent = world.Asked[0].Headers[0];
        Assert.Equal($"Bearer {Secret}", sent.Value);
        Assert.True(sent.IsSecret);
        Assert.DoesNotContain(Secret, sent.ToString());
        Assert.Equal(MeasurementPhase.Error, measurement.Phase);
    }

    [Theory]
    [InlineData("plain", Secret)]
    [InlineData("in a URL", "s3cr%22t%2F%2Bvalue")]
    [InlineData("in JSON", "s3cr\\u0022t/\\u002Bvalue")]
    [InlineData("in relaxed JSON", "s3cr\\\"t/+value")]
    [InlineData("in base64", "czNjciJ0Lyt2YWx1ZQ==")]
    public async Task Take_ProviderRepeatsTheSecret_IsRedacted(string form, string repeated)
    {
        var world = new World { Answer = _ => throw new PortException(FailureKind.Invalid, $"{form}: <{repeated}>") };

        Measurement measurement = await world.Taker.TakeAsync(Metric(Template, out _), CancellationToken.None);

        Assert.Equal($"{form}: <*****>", measurement.Message);
    }

    [Fact]
    public async Task Take_ProviderCutsThroughTheSecret_NothingIsLeftOfIt()
    {
        for (int left = 1; left <= Secret.Length; left++)
        {
            string shown = $"sent {Secret[..left]}{(left < Secret.Length ? "…" : "")}";
            var failing = new World { Answer = _ => throw new PortException(FailureKind.Invalid, shown) };
            var warning = new World { Warnings = [shown, shown] };

            Measurement failed = await failing.Taker.TakeAsync(Metric(Template, out _), CancellationToken.None);
            Measurement warned = await warning.Taker.TakeAsync(Metric(Template, out _), CancellationToken.None);

            string clean = $"sent *****{(left < Secret.Length ? "…" : "")}";
            Assert.Equal(clean, failed.Message);
            Assert.EndsWith($"Prometheus warns: {clean}; {clean}", warned.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Take_ValueWarningAndConditionHoldTheSecret_AreRedacted()
    {
        var world = new World
        {
            Answer = _ => new JsonValue(JsonDocument.Parse(JsonSerializer.Serialize(Secret)).RootElement),
            Warnings = [$"saw {Secret}"],
        };

        Measurement measurement = await world.Taker.TakeAsync(
            Metric(Template.Replace("result[0] <= 0.01", "asFloat(result) == 1"), out _), CancellationToken.None);

        Assert.DoesNotContain("s3cr", measurement.Value);
        Assert.DoesNotContain("s3cr", measurement.Message);
        Assert.Contains(MetricSecrets.Redacted, measurement.Value);
    }

    [Fact]
    public async Task Take_ProviderBreaks_ItsTextIsNotRepeated()
    {
        var world = new World { Answer = _ => throw new InvalidOperationException($"header {Secret}") };

        Measurement measurement = await world.Taker.TakeAsync(Metric(Template, out _), CancellationToken.None);

        Assert.Equal((MeasurementPhase.Error, "unexpected InvalidOperationException"), (measurement.Phase, measurement.Message));
    }

    [Theory]
    [InlineData("a\nb", "the value of argument 'token' can't be put into provider.prometheus.headers[0].value of metric 'error-rate' in template '': it may hold no line break and no other control character")]
    public async Task Take_SecretThatNoHeaderCanHold_IsRefusedWithoutIt(string secret, string expected)
    {
        var world = new World { Value = secret };

        Measurement measurement = await world.Taker.TakeAsync(Metric(Template, out _), CancellationToken.None);

        Assert.Equal(expected, measurement.Message);
        Assert.Empty(world.Asked);
    }

    [Fact]
    public async Task Take_SecretEndsWithALineBreak_IsSentWithoutIt()
    {
        var world = new World { Value = "abc\r\n", Answer = _ => new ScalarValue(1) };

        await world.Taker.TakeAsync(Metric(Template, out _), CancellationToken.None);

        Assert.Equal("Bearer abc", world.Asked[0].Headers[0].Value);
    }

    [Fact]
    public async Task Take_SecretCannotBeRead_IsAnError()
    {
        var world = new World { Failure = "forbidden: needs get on secrets in namespace default" };

        Measurement measurement = await world.Taker.TakeAsync(Metric(Template, out _), CancellationToken.None);

        Assert.Equal((MeasurementPhase.Error, world.Failure), (measurement.Phase, measurement.Message));
    }

    [Theory]
    [InlineData("[120]", null)]
    [InlineData("[60,40]", null)]
    [InlineData("100", null)]
    [InlineData("[99.5]", "too few requests (99.5 of at least 100)")]
    [InlineData("[]", "too few requests (0 of at least 100)")]
    [InlineData("[NaN]", "too few requests (0 of at least 100)")]
    public async Task Take_RequestsAreCountedFirst(string requests, string? expected)
    {
        var world = new World { Answer = q => MetricValue.ParsePrometheusNotation(q.Query == "count" ? requests : "[0]") };
        Metric metric = new()
        {
            Name = "m",
            SuccessCondition = "result[0] == 0",
            Prometheus = new PrometheusQuery { Query = "up" },
            Minimum = new RequestMinimum { Query = new PrometheusQuery { Query = "count" }, Count = 100 },
        };

        Measurement measurement = await world.Taker.TakeAsync(metric, CancellationToken.None);

        Assert.Equal((expected, expected is not null), (measurement.Message, measurement.NoData));
        Assert.Equal(expected is null ? MeasurementPhase.Successful : MeasurementPhase.Error, measurement.Phase);
        Assert.Equal(expected is null ? 2 : 1, world.Asked.Count);
    }

    [Theory]
    [InlineData("successCondition: result[0] <= 0.01", "successCondition: result[0] <= {{args.token}}", "successCondition")]
    [InlineData("interval: 30s", "interval: \"{{args.token}}\"", "interval")]
    [InlineData("name: error-rate\n    interval", "name: \"{{args.token}}\"\n    interval", "name")]
    public void Read_SecretWhereItWouldBeKept_IsRefused(string find, string replace, string field)
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout, Template.Replace(find, replace));

        Assert.Contains(reading.Problems, p => p.Message.StartsWith($"the secret args.token can't stand in {field}, where it would be kept and shown", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ValueInTheOpenForASecret_IsRefused() =>
        Assert.Equal(
            ["a.yaml:19: spec.strategy.canary.steps[2].analysis.args[0]: args.token is a secret in template 'error-rate'; a value given to it would stand in the open, so leave it out"],
            Manifest.Problems(Manifest.Rollout + "          args: [{name: token, value: abc}]\n", Template));

    [Fact]
    public void Resolve_ValueThatLooksLikeASecretsPlaceholder_IsNotFilledLater()
    {
        string template = Template.Replace("value: shop", "value: \"{{args.token}}\"");

        Metric metric = Metric(template, out _);

        Assert.Equal("{{args.token}}", metric.Prometheus!.Headers[1].Value);
        Assert.DoesNotContain("provider.prometheus.headers[1].value", metric.Secrets!.Fields);
    }

    private static Metric Metric(string template, out Release release)
    {
        ReleaseReading reading = Manifest.Read(Manifest.Rollout, template);
        Assert.DoesNotContain(reading.Problems, p => p.Severity == ProblemSeverity.Error);
        release = reading.Release!;
        AnalysisStep step = release.Steps.OfType<AnalysisStep>().Single();
        return Assert.Single(ArgumentResolution.Resolve([.. release.Templates.Values], step, new AnalysisContext()).Metrics!);
    }

    private sealed class World : IMetricProvider, ISecretSource
    {
        public World() => Taker = new MeasurementTaker(this, new FakeTimeProvider()) { Secrets = this };

        public MeasurementTaker Taker { get; }

        public Func<PrometheusQuery, MetricValue> Answer { get; init; } = _ => new ScalarValue(0);

        public IReadOnlyList<string> Warnings { get; init; } = [];

        public string Value { get; init; } = Secret;

        public string? Failure { get; init; }

        public List<PrometheusQuery> Asked { get; } = [];

        public List<(ClusterNamespace Namespace, SecretReference Secret)> Read { get; } = [];

        public Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken)
        {
            Asked.Add(query);
            return Task.FromResult(new MetricAnswer(Answer(query), Warnings));
        }

        public Task<string> ReadAsync(ClusterNamespace ns, SecretReference secret, CancellationToken cancellationToken)
        {
            Read.Add((ns, secret));
            return Failure is null ? Task.FromResult(Value) : throw new PortException(FailureKind.Forbidden, Failure);
        }
    }
}
