using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Embedded.State;
using Rollouts.Engine;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Embedded.Tests;

/// <summary>A secret that metrics are measured with, by providers that repeat it wherever they can: it is in nothing that the engine keeps, tells or logs.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Secret = "Zx9-s3cr3t/value+1";

    private static readonly string InJson = JavaScriptEncoder.Default.Encode(Secret);

    private static readonly string[] Forms = [Secret, Uri.EscapeDataString(Secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), InJson];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-secret-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(false, RolloutOutcome.RolledBack)]
    [InlineData(true, RolloutOutcome.Promoted)]
    public async Task RunAsync_MetricsWithASecret_LeaveNothingOfItBehind(bool answers, RolloutOutcome outcome)
    {
        var talker = new Talker { Answers = answers };
        var log = new RecordingLogger();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        FakeCluster cluster = new();
        string file = Path.Combine(folder.FullName, "rollouts.db");
        var told = new StringBuilder();
        await using (EmbeddedEngine engine = await EmbeddedEngine.OpenAsync(
            new EmbeddedOptions { Path = file },
            new EffectPorts(cluster, cluster, talker) { Web = talker, Secrets = talker },
            clock,
            log,
            Cancellation))
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            Task running = Task.Run(() => engine.RunAsync(stop.Token), CancellationToken.None);
            StartResult started = await engine.StartAsync(Release(), "pipeline", Cancellation);
            string id = started.Status!.Id;
            Task<RolloutStatus?> ended = engine.WaitAsync(
                id,
                status =>
                {
                    lock (told)
                        told.Append(JsonSerializer.Serialize(status));
                    return status.Outcome is not null;
                },
                Cancellation);
            while (await Task.WhenAny(ended, Task.Delay(5, Cancellation)) != ended)
                clock.Advance(TimeSpan.FromSeconds(1));

            Assert.Equal(outcome, (await ended)!.Outcome);
            told.Append(JsonSerializer.Serialize(await engine.ReadJournalAsync(id, 0, 10_000, Cancellation)));
            told.Append(JsonSerializer.Serialize(await engine.FindAsync(id, Cancellation)));
            await stop.CancelAsync();
            await running;
        }

        // It was sent, in each of the places that a template has for it.
        Assert.Contains($"Bearer {Secret}", talker.Sent);
        Assert.Contains($"me:{Secret}", talker.Sent);
        Assert.Contains($"client:{Secret}", talker.Sent);
        Assert.Contains($"http://service/v?token={Uri.EscapeDataString(Secret)}", talker.Sent);
        Assert.Contains($$"""{"key":"{{InJson}}"}""", talker.Sent);

        Assert.Contains(MetricSecrets.Redacted, told.ToString(), StringComparison.Ordinal);
        Assert.All(Forms, form => Assert.DoesNotContain(form, told.ToString(), StringComparison.Ordinal));
        Assert.All(Forms, form => Assert.DoesNotContain(log.Lines, line => line.Contains(form, StringComparison.Ordinal)));
        string kept = string.Concat(Directory.GetFiles(folder.FullName).SelectMany(Readable));
        Assert.Contains("error-rate", kept, StringComparison.Ordinal);
        Assert.All(Forms, form => Assert.DoesNotContain(form, kept, StringComparison.Ordinal));
    }

    // As stored, and row by row: a long text is stored in pieces.
    private static IEnumerable<string> Readable(string file)
    {
        yield return Encoding.Latin1.GetString(File.ReadAllBytes(file));
        if (Path.GetExtension(file) != ".db")
            yield break;
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var names = connection.CreateCommand();
        names.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table'";
        var tables = new List<string>();
        using (var row = names.ExecuteReader())
        {
            while (row.Read())
                tables.Add(row.GetString(0));
        }

        foreach (string table in tables)
        {
            using var all = connection.CreateCommand();
            all.CommandText = $"SELECT * FROM \"{table}\"";
            using var row = all.ExecuteReader();
            while (row.Read())
            {
                for (int i = 0; i < row.FieldCount; i++)
                    yield return row.GetValue(i) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : $"{row.GetValue(i)}\n";
            }
        }
    }

    private static Release Release()
    {
        ReleaseReading reading = ReleaseReader.Read([new ManifestFile("a.yaml", """
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: shop, namespace: shop}
            spec:
              strategy:
                canary:
                  stableService: shop-stable
                  canaryService: shop-canary
                  trafficRouting: {nginx: {stableIngress: shop}}
                  steps:
                  - setWeight: 5
                  - analysis: {templates: [{templateName: errors}]}
            ---
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata: {name: errors, namespace: shop}
            spec:
              args: [{name: it, valueFrom: {secretKeyRef: {name: metrics, key: token}}}]
              metrics:
              - name: error-rate
                successCondition: result[0] <= 0.01
                provider:
                  prometheus:
                    query: errors
                    headers: [{key: Authorization, value: "Bearer {{args.it}}"}]
                    authentication: {basicAuth: {username: me, password: "{{args.it}}"}}
              - name: said
                successCondition: result != "no"
                provider:
                  web:
                    url: "http://service/v?token={{args.it}}"
                    method: POST
                    jsonBody: {key: "{{args.it}}"}
                    authentication: {oauth2: {tokenUrl: http://tokens/, clientId: client, clientSecret: "{{args.it}}"}}
            ---
            apiVersion: rolloutfunctions/v1
            kind: RolloutPolicy
            metadata: {name: shop}
            spec: {compatibility: argo}
            """)]);
        return reading.Release ?? throw new InvalidOperationException(string.Join('\n', reading.Problems));
    }

    /// <summary>Providers that say everything they were sent, in values, warnings or errors.</summary>
    private sealed class Talker : IMetricProvider, IWebMetricProvider, ISecretSource
    {
        public bool Answers { get; init; }

        public ConcurrentBag<string> Sent { get; } = [];

        public Task<string> ReadAsync(ClusterNamespace ns, SecretReference secret, CancellationToken cancellationToken) => Task.FromResult(Secret + "\n");

        public Task<MetricAnswer> QueryAsync(PrometheusQuery query, CancellationToken cancellationToken) =>
            Say(new VectorValue([0]), [.. query.Headers.Select(h => h.Value), $"{query.BasicAuth!.Username}:{query.BasicAuth.Password}"]);

        public Task<MetricAnswer> QueryAsync(WebQuery query, CancellationToken cancellationToken) =>
            Say(new TextValue($"{query.Url} {query.JsonBody} {Convert.ToBase64String(Encoding.UTF8.GetBytes(query.OAuth2!.ClientSecret))}"), [query.Url, query.JsonBody!, $"{query.OAuth2.ClientId}:{query.OAuth2.ClientSecret}"]);

        private Task<MetricAnswer> Say(MetricValue value, string[] sent)
        {
            foreach (string text in sent)
                Sent.Add(text);
            return Answers
                ? Task.FromResult(new MetricAnswer(value, [$"was sent {string.Join(' ', sent)}"]))
                : throw new PortException(FailureKind.Transient, $"refused {string.Join(' ', sent)}", new InvalidOperationException(sent[0]));
        }
    }

    private sealed class RecordingLogger : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
