using Rollouts.Analysis;

namespace Rollouts.Prometheus.Tests;

public sealed class AllowedAddressTests
{
    private const string One = """{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}""";

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}/")]
    [InlineData("HTTP://127.0.0.1:{1}")]
    [InlineData("http://127.1:{1}")]
    [InlineData("http://127.0.0.1:{1}/./")]
    [InlineData("http://127.0.0.1:0{1}")]
    public async Task QueryAsync_SameServerInAnotherSpelling_IsAsked(string spelling)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);
        string address = string.Format(spelling, stub.Address, new Uri(stub.Address).Port);

        await Providers.For(stub.Address).AskAsync(Providers.Query() with { Address = address });

        Assert.Equal("/api/v1/query", stub.Single.Path);
    }

    [Theory]
    [InlineData("/prometheus")]
    [InlineData("/prometheus/")]
    [InlineData("/prometheus/team-a")]
    [InlineData("/x/../prometheus")]
    public async Task QueryAsync_PathBelowTheAllowedOne_IsAsked(string path)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);

        await Providers.For($"{stub.Address}/prometheus/").AskAsync(Providers.Query() with { Address = stub.Address + path });

        Assert.Equal($"/prometheus{(path.EndsWith('a') ? "/team-a" : "")}/api/v1/query", stub.Single.Path);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{1}")]
    [InlineData("http://127.0.0.1:{1}/prometheus2")]
    [InlineData("http://127.0.0.1:{1}/PROMETHEUS")]
    [InlineData("http://127.0.0.1:{1}/prometheus/..")]
    [InlineData("http://127.0.0.1:{1}/prometheus/../admin")]
    [InlineData("http://127.0.0.1:{1}/prometheus/%2e%2e/admin")]
    [InlineData("http://127.0.0.1:{1}/prometheus%2f..")]
    [InlineData("http://127.0.0.1:{1}//prometheus")]
    [InlineData("http://127.0.0.1:{1}\\prometheus")]
    [InlineData("http://127.0.0.1:{1}/prometheus?x=1")]
    [InlineData("http://127.0.0.1:{1}/prometheus#x")]
    [InlineData("https://127.0.0.1:{1}/prometheus")]
    [InlineData("http://127.0.0.1/prometheus")]
    [InlineData("http://localhost:{1}/prometheus")]
    [InlineData("http://127.0.0.1.:{1}/prometheus")]
    [InlineData("http://127.0.0.2:{1}/prometheus")]
    [InlineData("http://[::1]:{1}/prometheus")]
    [InlineData("http://[::ffff:127.0.0.1]:{1}/prometheus")]
    [InlineData("http://%31%32%37.0.0.1:{1}/prometheus")]
    [InlineData("http://127。0。0。1:{1}/prometheus")]
    [InlineData("http://evil:{1}@127.0.0.1:{1}/prometheus")]
    [InlineData("http://127.0.0.1:{1}@evil/prometheus")]
    [InlineData("http://127.0.0.1:{1} /prometheus")]
    [InlineData(" http://127.0.0.1:{1}/prometheus")]
    [InlineData("http://127.0.0.1:{1}/prometheus\n")]
    [InlineData("http:127.0.0.1:{1}/prometheus")]
    [InlineData("http:/127.0.0.1:{1}/prometheus")]
    [InlineData("//127.0.0.1:{1}/prometheus")]
    [InlineData("127.0.0.1:{1}/prometheus")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1:{1}/prometheus")]
    [InlineData("http://")]
    public async Task QueryAsync_AnythingElse_IsRefusedWithoutARequest(string spelling)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);
        string address = string.Format(spelling, stub.Address, new Uri(stub.Address).Port);

        PortException failure = await Providers.For($"{stub.Address}/prometheus").FailAsync(Providers.Query() with { Address = address });

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains("the Prometheus address '", failure.Message);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task QueryAsync_AddressThatIsNotListed_NamesTheSetting()
    {
        PortException failure = await Providers.For("http://prometheus:9090").FailAsync(Providers.Query() with { Address = "http://other:9090" });

        Assert.Equal(
            "the Prometheus address 'http://other:9090' is not allowed: the operator lists the servers that may be asked in Prometheus:Addresses (on the command line --prometheus)",
            failure.Message);
    }

    [Theory]
    [InlineData("http://user:hunter2@prometheus:9090")]
    [InlineData("http://user:hun@ter2@prometheus:9090")]
    [InlineData("http://user:hunter2%40@prometheus:9090/x")]
    public async Task QueryAsync_AddressWithCredentials_IsShownWithoutThem(string address)
    {
        PortException failure = await Providers.For("http://prometheus:9090").FailAsync(Providers.Query() with { Address = address });

        Assert.Contains("'http://prometheus:9090", failure.Message);
        Assert.DoesNotContain("ter2", failure.Message);
    }

    [Fact]
    public async Task QueryAsync_NoAddressAndNoDefault_SaysWhatToSet()
    {
        PortException failure = await Providers.For(new PrometheusOptions()).FailAsync(Providers.Query());

        Assert.Contains("Prometheus:DefaultAddress", failure.Message);
    }

    [Fact]
    public async Task QueryAsync_NestedAddresses_TakeTheCredentialsOfTheCloserOne()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);
        PrometheusProvider provider = Providers.For(new PrometheusOptions
        {
            Addresses =
            [
                new PrometheusAddress { Address = stub.Address, BearerToken = "outer" },
                new PrometheusAddress { Address = $"{stub.Address}/team", BearerToken = "inner" },
            ],
        });

        await provider.AskAsync(Providers.Query() with { Address = $"{stub.Address}/team/x" });
        await provider.AskAsync(Providers.Query() with { Address = $"{stub.Address}/teams" });

        Assert.Equal(["Bearer inner", "Bearer outer"], stub.Requests.Select(r => r.Headers["Authorization"]));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task QueryAsync_Redirect_IsNotFollowed(int status)
    {
        await using PrometheusStub target = await PrometheusStub.StartAsync(One);
        await using PrometheusStub stub = await PrometheusStub.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = $"{target.Address}/api/v1/query?token=hunter2";
            return Task.CompletedTask;
        });

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query());

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains($"redirect (HTTP {status} to {target.Address})", failure.Message);
        Assert.DoesNotContain("hunter2", failure.Message);
        Assert.Empty(target.Requests);
    }
}
