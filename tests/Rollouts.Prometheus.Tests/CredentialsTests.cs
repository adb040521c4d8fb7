using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rollouts.Analysis;

namespace Rollouts.Prometheus.Tests;

public sealed class CredentialsTests : IDisposable
{
    private const string One = """{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}""";

    private readonly string directory = Directory.CreateTempSubdirectory("rollouts-prometheus-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task QueryAsync_BasicAuth_IsSent()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);

        await Providers.For(new PrometheusAddress { Address = stub.Address, BasicAuth = new() { Username = "ops", Password = "pä:ss" } })
            .AskAsync(Providers.Query());

        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ops:pä:ss")), stub.Single.Headers["Authorization"]);
    }

    [Fact]
    public async Task QueryAsync_SecretFiles_AreReadForEveryQuery()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);
        string file = WriteFile("token", "first\n");
        PrometheusProvider provider = Providers.For(new PrometheusAddress { Address = stub.Address, BearerTokenFile = file });
        PrometheusProvider basic = Providers.For(
            new PrometheusAddress { Address = stub.Address, BasicAuth = new() { Username = "ops", PasswordFile = file } });

        await provider.AskAsync(Providers.Query());
        WriteFile("token", "second");
        await provider.AskAsync(Providers.Query());
        await basic.AskAsync(Providers.Query());

        Assert.Equal(
            ["Bearer first", "Bearer second", "Basic " + Convert.ToBase64String("ops:second"u8)],
            stub.Requests.Select(r => r.Headers["Authorization"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    public async Task QueryAsync_TokenFileWithoutAToken_FailsWithoutShowingIt(string content)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);

        PortException failure = await Providers.For(new PrometheusAddress { Address = stub.Address, BearerTokenFile = WriteFile("token", content) })
            .FailAsync(Providers.Query());

        Assert.Equal(FailureKind.Forbidden, failure.Kind);
        Assert.Contains("the bearer token for", failure.Message);
        Assert.DoesNotContain("words", failure.Message);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task QueryAsync_SecretFileGone_NamesTheFile()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);
        string file = WriteFile("token", "x");
        PrometheusProvider provider = Providers.For(new PrometheusAddress { Address = stub.Address, BearerTokenFile = file });
        File.Delete(file);

        Assert.Contains(file, (await provider.FailAsync(Providers.Query())).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task QueryAsync_ServerThatRepeatsTheSecret_DoesNotBringItIntoAnErrorOrWarning(bool isError)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(async context =>
        {
            string header = context.Request.Headers.Authorization.ToString();
            string pair = Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..]));
            context.Response.StatusCode = isError ? 400 : 200;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(isError
                ? $$"""{"status":"error","errorType":"bad_data","error":"sent {{header}} that is {{pair}}"}"""
                : $$"""{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["sent {{header}} that is {{pair}}"]}""");
        });
        PrometheusProvider provider = Providers.For(
            new PrometheusAddress { Address = stub.Address, BasicAuth = new() { Username = "ops", Password = "hunter2" } });

        string text = isError
            ? (await provider.FailAsync(Providers.Query())).Message
            : Assert.Single((await provider.AskAsync(Providers.Query())).Warnings);

        Assert.Contains("sent Basic ***** that is ops:*****", text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Take_ServerRepeatsATemplatesSecretAcrossTheCut_NothingOfItIsKept(bool isError)
    {
        const string secret = "hunter2-is-the-secret";
        for (int before = 275; before < 303; before += 3)
        {
            string filler = new('x', before);
            await using PrometheusStub stub = await PrometheusStub.StartAsync(
                isError
                    ? $$"""{"status":"error","errorType":"bad_data","error":"{{filler}}{{secret}} and more, so that it is cut"}"""
                    : $$"""{"status":"success","data":{"resultType":"scalar","result":[1,"1"]},"warnings":["{{filler}}{{secret}} and more, so that it is cut"]}""",
                isError ? 400 : 200);
            MeasurementTaker taker = new(Providers.For(stub.Address), TimeProvider.System) { Secrets = new OneSecret(secret) };

            Measurement taken = await taker.TakeAsync(
                new Metric
                {
                    Name = "up",
                    Prometheus = Providers.Query() with { Headers = [new QueryHeader("X-Token", "{{args.token}}")] },
                    Secrets = new MetricSecrets
                    {
                        Namespace = "shop",
                        References = new Dictionary<string, SecretReference> { ["token"] = new("prometheus", "token") },
                        Fields = ["provider.prometheus.headers[0].value"],
                    },
                },
                TestContext.Current.CancellationToken);

            Assert.Equal(secret, stub.Single.Headers["X-Token"]);
            Assert.Contains("xxx", taken.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("xh", taken.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("hun", taken.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AddPrometheus_HandlerOfTheCaller_MayAddATokenFromElsewhere()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);
        PrometheusProvider provider = Providers.For(
            PrometheusOptions.For(stub.Address), (address, client) => client.AddHttpMessageHandler(() => new TokenHandler($"token-for-{new Uri(address.Address).Port}")));

        await provider.AskAsync(Providers.Query());

        Assert.Equal($"Bearer token-for-{new Uri(stub.Address).Port}", stub.Single.Headers["Authorization"]);
    }

    [Fact]
    public void ToString_OptionsWithSecrets_ShowsNone()
    {
        var address = new PrometheusAddress
        {
            Address = "http://p:9090",
            BasicAuth = new() { Username = "ops", Password = "hunter2" },
            BearerToken = "hunter2",
        };

        Assert.Equal("http://p:9090", address.ToString());
        Assert.Equal("ops", address.BasicAuth.ToString());
        Assert.DoesNotContain("hunter2", new PrometheusOptions { Addresses = [address] }.ToString());
    }

    private string WriteFile(string name, string content)
    {
        string file = Path.Combine(directory, name);
        File.WriteAllText(file, content);
        return file;
    }

    private sealed class TokenHandler(string token) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class OneSecret(string value) : ISecretSource
    {
        public Task<string> ReadAsync(ClusterNamespace ns, SecretReference secret, CancellationToken cancellationToken) => Task.FromResult(value);
    }
}
