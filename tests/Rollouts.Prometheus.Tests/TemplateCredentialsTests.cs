using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Rollouts.Analysis;

namespace Rollouts.Prometheus.Tests;

/// <summary>What a template may say beyond its query: a span, credentials from secrets, and certificates.</summary>
public sealed class TemplateCredentialsTests
{
    private const string One = """{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}""";

    private const string Matrix =
        """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"1"},"values":[[1,"1"],[2,"2"]]},{"metric":{"a":"2"},"values":[[1,"3"]]}]}}""";

    [Fact]
    public async Task Query_Range_AsksForTheSpanAndLaysTheSeriesOut()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(Matrix);
        long before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        MetricAnswer answer = await Providers.For(stub.Address).AskAsync(Providers.Query() with
        {
            Range = new PrometheusRange("now() - duration(\"1h\")", "now()", "1m30s"),
        });

        Assert.Equal("[1,2,3]", answer.Value.ToString());
        Asked asked = stub.Single;
        Assert.Equal("/api/v1/query_range", asked.Path);
        Assert.Equal("90", asked.Form["step"]);
        decimal start = decimal.Parse(asked.Form["start"], System.Globalization.CultureInfo.InvariantCulture);
        decimal end = decimal.Parse(asked.Form["end"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(3600, end - start);
        Assert.InRange(end, before, before + 60);
    }

    [Theory]
    [InlineData("now() -", "now()", "1m", "failed to parse rangeQuery.start as time: ")]
    [InlineData("now()", "1 == 1", "1m", "failed to parse rangeQuery.end as time: expected time.Time, but got bool")]
    [InlineData("now()", "now()", "fast", "failed to parse rangeQuery.step as duration: fast")]
    [InlineData("now()", "now() - duration(\"1h\")", "1m", "a range query must not end before it starts")]
    public async Task Query_RangeThatIsNone_IsNotAsked(string start, string end, string step, string expected)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(Matrix);

        PortException failure = await Assert.ThrowsAsync<PortException>(async () =>
            await Providers.For(stub.Address).AskAsync(Providers.Query() with { Range = new PrometheusRange(start, end, step) }));

        Assert.StartsWith(expected, failure.Message);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Query_BasicAuthAndSecretHeader_AreSent()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);

        await Providers.For(stub.Address).AskAsync(Providers.Query() with
        {
            BasicAuth = new QueryBasicAuth("user", "pass"),
            Headers = [new QueryHeader("Cookie", "session=1") { IsSecret = true }],
        });

        Assert.Equal("Basic dXNlcjpwYXNz", stub.Single.Headers["Authorization"]);
        Assert.Equal("session=1", stub.Single.Headers["Cookie"]);
    }

    [Fact]
    public async Task Query_OAuth2_SendsAToken()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(context =>
            context.Response.WriteAsync(context.Request.Path == "/token" ? """{"access_token":"abc","expires_in":3600}""" : One));
        PrometheusProvider provider = Providers.For(new PrometheusOptions
        {
            Addresses = [new PrometheusAddress { Address = stub.Address }],
            DefaultAddress = stub.Address,
            TokenAddresses = [stub.Address],
        });

        await provider.AskAsync(Providers.Query() with { OAuth2 = new OAuth2Client($"{stub.Address}/token", "id", "secret", []) });

        Assert.Equal(["/token", "/api/v1/query"], stub.Requests.Select(r => r.Path));
        Assert.Equal("Bearer abc", stub.Requests.Last().Headers["Authorization"]);
    }

    [Fact]
    public async Task Query_TokenAddressNotListed_GetsNoSecret()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);

        PortException failure = await Providers.For(stub.Address)
            .FailAsync(Providers.Query() with { OAuth2 = new OAuth2Client($"{stub.Address}/token", "id", "secret", []) });

        Assert.Contains("Prometheus:TokenAddresses", failure.Message);
        Assert.DoesNotContain("secret,", failure.Message);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Query_OperatorsCredentials_WinOverTheTemplates()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(One);

        await Providers.For(new PrometheusAddress { Address = stub.Address, BearerToken = "operators" })
            .AskAsync(Providers.Query() with { BasicAuth = new QueryBasicAuth("user", "pass") });

        Assert.Equal("Bearer operators", stub.Single.Headers["Authorization"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Query_Insecure_TakesAnyCertificateWhereTheOperatorAllowsIt(bool isAllowed)
    {
        using var authority = new TestAuthority();
        using X509Certificate2 certificate = authority.Issue(IPAddress.Parse("127.0.0.2"));
        await using PrometheusStub stub = await PrometheusStub.StartAsync(c => c.Response.WriteAsync(One), certificate);
        PrometheusProvider provider = Providers.For(new PrometheusAddress { Address = stub.Address, AllowInsecure = isAllowed });

        if (isAllowed)
        {
            Assert.Equal("1", (await provider.AskAsync(Providers.Query() with { Insecure = true })).Value.ToString());
            Assert.Contains("certificate", (await provider.FailAsync(Providers.Query())).Message);
        }
        else
        {
            Assert.Contains("which the operator does not allow", (await provider.FailAsync(Providers.Query() with { Insecure = true })).Message);
        }
    }
}
