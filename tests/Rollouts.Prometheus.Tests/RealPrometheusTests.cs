using System.Net;
using System.Security.Cryptography.X509Certificates;
using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Prometheus.Tests;

/// <summary>The provider against the program itself.</summary>
public sealed class RealPrometheusTests(RealPrometheusTests.ScrapingServer shared) : IClassFixture<RealPrometheusTests.ScrapingServer>
{
    [Fact]
    public async Task QueryAsync_EachTypeOfValue_IsReadAsPrometheusWritesIt()
    {
        PrometheusProvider provider = Providers.For(shared.Address);

        foreach ((string query, string expected) in new[]
        {
            ("up{job=\"self\"}", "[1]"),
            ("42.5", "42.5"),
            ("0/0", "NaN"),
            ("1/0", "+Inf"),
            ("-1/0", "-Inf"),
            ("1e21", "1000000000000000000000"),
            ("1e-9", "0.000000001"),
            ("vector(0)/0", "[NaN]"),
            ("vector(1)/0", "[+Inf]"),
            ("up{job=\"nothing\"}", "[]"),
            ("sum(up{job=\"nothing\"}) or vector(0)", "[0]"),
            ("sort_desc(label_replace(vector(1), \"a\", \"x\", \"\", \"\") or label_replace(vector(3), \"a\", \"y\", \"\", \"\"))", "[3,1]"),
            ("vector(1) # a comment, a \"quote\" and an é", "[1]"),
        })
        {
            Assert.Equal(expected, (await provider.AskAsync(Providers.Query(query))).Value.ToString());
        }

        VectorValue matrix = Assert.IsType<VectorValue>((await provider.AskAsync(Providers.Query("up{job=\"self\"}[1m]"))).Value);
        Assert.NotEmpty(matrix.Values);
        Assert.All(matrix.Values, v => Assert.Equal(1, v));
    }

    [Fact]
    public async Task QueryRangeAsync_SpanOfTime_GivesEveryPoint()
    {
        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds(1_760_000_000);

        MetricAnswer answer = await Providers.For(shared.Address).QueryRangeAsync(
            new PrometheusRangeQuery(
                Providers.Query("label_replace(vector(time() - 1760000000), \"a\", \"x\", \"\", \"\") or vector(7)"), end.AddSeconds(-2), end, TimeSpan.FromSeconds(1)),
            TestContext.Current.CancellationToken);

        Assert.Equal("-2,-1,0,7,7,7", string.Join(',', Assert.IsType<VectorValue>(answer.Value).Values.Order().Select(v => $"{v:0}")));
    }

    [Theory]
    [InlineData("sum(", "bad_data: invalid parameter \"query\": 1:5: parse error", FailureKind.Invalid)]
    [InlineData("up == on(job) group_left() {job=~\".+\"} or vector(1) + on() {__name__=~\"prometheus.*\"}", "execution: ", FailureKind.Invalid)]
    [InlineData("count_over_time(vector(1)[1y:1s])", "execution: query processing would load too many samples", FailureKind.Invalid)]
    [InlineData("\"text\"", "Prometheus metric type not supported (string)", FailureKind.Invalid)]
    public async Task QueryAsync_QueryThatFails_SaysWhatPrometheusSays(string query, string message, FailureKind kind)
    {
        PortException failure = await Providers.For(shared.Address).FailAsync(Providers.Query(query));

        Assert.Contains(message, failure.Message);
        Assert.Equal(kind, failure.Kind);
    }

    [Fact]
    public async Task QueryAsync_RemoteReadThatFails_GivesWarningsBesideTheValue()
    {
        await using RealPrometheus server = await RealPrometheus.StartAsync("""
            remote_read:
            - { url: "http://127.0.0.1:1/read", read_recent: true }
            """);

        PrometheusProvider provider = Providers.For(server.Address);
        Assert.Equal("1", await UntilAsync(provider, "1", "1"));
        MetricAnswer answer = await provider.AskAsync(Providers.Query("up{job=\"nothing\"}"));

        Assert.Equal(new VectorValue([]), answer.Value);
        Assert.Contains("remote", Assert.Single(answer.Warnings));
    }

    [Fact]
    public async Task QueryAsync_ServerWithTlsAndBasicAuth_TakesCaFileAndPassword()
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(IPAddress.Loopback);
        await using RealPrometheus server = await RealPrometheus.StartAsync(
            "",
            """
            tls_server_config: { cert_file: cert.pem, key_file: key.pem }
            basic_auth_users: { ops: $2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e }
            """,
            ("cert.pem", certificate.ExportCertificatePem()),
            ("key.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()));
        string ca = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(ca, authority.Pem, TestContext.Current.CancellationToken);
            var address = new PrometheusAddress { Address = server.Address, CaFile = ca };
            PrometheusAddress right = address with { BasicAuth = new() { Username = "ops", Password = "correct horse" } };
            PrometheusAddress wrong = address with { BasicAuth = new() { Username = "ops", Password = "wrong horse" } };

            Assert.Equal("1", await UntilAsync(Providers.For(right), "1", "1"));
            PortException failure = await Providers.For(wrong).FailAsync(Providers.Query("1"));
            Assert.Equal(FailureKind.Forbidden, failure.Kind);
            Assert.Contains("HTTP 401", failure.Message);
            Assert.DoesNotContain("horse", failure.Message);
        }
        finally
        {
            File.Delete(ca);
        }
    }

    [Fact]
    public async Task QueryAsync_ServerStopped_IsTransient()
    {
        await using RealPrometheus server = await RealPrometheus.StartAsync();
        PrometheusProvider provider = Providers.For(server.Address);
        Assert.Equal("1", await UntilAsync(provider, "1", "1"));

        await server.StopAsync();

        Assert.Equal(FailureKind.Transient, (await provider.FailAsync(Providers.Query("1"))).Kind);
    }

    // A server that has just started has scraped nothing yet, or still answers 503.
    private static async Task<string> UntilAsync(PrometheusProvider provider, string query, string expected)
    {
        string last = "";
        for (int attempt = 0; attempt < 300 && last != expected; attempt++)
        {
            try
            {
                last = (await provider.AskAsync(Providers.Query(query))).Value.ToString();
            }
            catch (PortException e) when (e.Kind == FailureKind.Transient)
            {
                last = e.Message;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        return last;
    }

    /// <summary>A server that has scraped itself; its first scrape takes some seconds.</summary>
    public sealed class ScrapingServer : IAsyncLifetime
    {
        private RealPrometheus? server;

        public string Address => server!.Address;

        public async ValueTask InitializeAsync()
        {
            server = await RealPrometheus.StartAsync();
            Assert.Equal("[1]", await UntilAsync(Providers.For(Address), "up{job=\"self\"}", "[1]"));
        }

        public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
