using Microsoft.AspNetCore.Http;
using Rollouts.Analysis;

namespace Rollouts.Web.Tests;

public sealed class WebRequestTests
{
    [Fact]
    public async Task Query_Get_SendsUrlAndHeaders()
    {
        await using WebStub stub = await WebStub.StartAsync("1");

        await stub.Provider().AskAsync(new WebQuery
        {
            Url = $"{stub.Address}/api/v1/measurement?service=a%20b&x=1",
            Headers = [new("X-Tenant", "shop"), new("Authorization", "Bearer abc") { IsSecret = true }],
        });

        Asked asked = Assert.Single(stub.Requests);
        Assert.Equal(("GET", "/api/v1/measurement?service=a%20b&x=1", ""), (asked.Method, asked.Url, asked.Body));
        Assert.Equal(("shop", "Bearer abc"), (asked.Headers["X-Tenant"], asked.Headers["Authorization"]));
    }

    [Theory]
    [InlineData("POST", "some text", null, null)]
    [InlineData("PUT", null, """{"a":"b"}""", "application/json")]
    public async Task Query_WithBody_SendsIt(string method, string? body, string? json, string? type)
    {
        await using WebStub stub = await WebStub.StartAsync("1");

        await stub.Provider().AskAsync(new WebQuery { Url = stub.Address, Method = method, Body = body, JsonBody = json });

        Asked asked = Assert.Single(stub.Requests);
        Assert.Equal((method, body ?? json, type), (asked.Method, asked.Body, asked.Headers.GetValueOrDefault("Content-Type")));
    }

    [Fact]
    public async Task Query_BodyWithContentType_SendsIt()
    {
        await using WebStub stub = await WebStub.StartAsync("1");

        await stub.Provider().AskAsync(new WebQuery { Url = stub.Address, Method = "POST", Body = "<a/>", Headers = [new("Content-Type", "application/xml")] });

        Assert.Equal("application/xml", Assert.Single(stub.Requests).Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("cookie")]
    [InlineData("Host")]
    [InlineData("Transfer-Encoding")]
    public async Task Query_HeaderThatIsNotForAMetric_IsRefused(string key)
    {
        await using WebStub stub = await WebStub.StartAsync("1");

        PortException failure = await stub.Provider().FailAsync(new WebQuery { Url = stub.Address, Headers = [new(key, "x")] });

        Assert.StartsWith($"header '{key}' is not for a metric to set", failure.Message);
        Assert.Empty(stub.Requests);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data", "is not allowed")]
    [InlineData("http://127.0.0.1.nip.io:80/", "is not allowed")]
    [InlineData("file:///etc/passwd", "must begin with http:// or https://")]
    [InlineData("http://user:pw@127.0.0.1/", "user name and password don't belong in an address")]
    [InlineData("http://127.0.0.1\\@evil.example/", "user name and password don't belong in an address")]
    public async Task Query_AddressThatTheOperatorDoesNotList_IsNotAsked(string url, string expected)
    {
        await using WebStub stub = await WebStub.StartAsync("1");

        PortException failure = await stub.Provider().FailAsync(new WebQuery { Url = url });

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains(expected, failure.Message);
        Assert.DoesNotContain("pw", failure.Message);
        Assert.Empty(stub.Requests);
    }

    [Theory]
    [InlineData("/allowed", true)]
    [InlineData("/allowed/deeper?x=1", true)]
    [InlineData("/allowedness", false)]
    [InlineData("/allowed/../other", false)]
    [InlineData("/other?/allowed", false)]
    public async Task Query_PathBesideTheAllowedOne_IsNotAsked(string path, bool isAsked)
    {
        await using WebStub stub = await WebStub.StartAsync("1");
        WebProvider provider = WebStub.For(new WebOptions { Addresses = [new WebAddress { Address = $"{stub.Address}/allowed" }] });

        Task<MetricAnswer> asking = provider.AskAsync(new WebQuery { Url = stub.Address + path });

        if (isAsked)
        {
            await asking;
        }
        else
        {
            await Assert.ThrowsAsync<PortException>(() => asking);
        }

        Assert.Equal(isAsked ? 1 : 0, stub.Requests.Count);
    }

    [Fact]
    public async Task Query_InsecureThatTheOperatorDoesNotAllow_IsRefused()
    {
        WebProvider provider = WebStub.For(new WebOptions { Addresses = [new WebAddress { Address = "https://127.0.0.1:1" }] });

        PortException failure = await provider.FailAsync(new WebQuery { Url = "https://127.0.0.1:1/x", Insecure = true });

        Assert.Equal(
            "the metric asks for insecure, which the operator does not allow for https://127.0.0.1:1/: set CaFile, or AllowInsecure, in Web:Addresses",
            failure.Message);
    }

    [Fact]
    public async Task Query_ClientCredentials_AreExchangedForATokenThatIsKept()
    {
        await using WebStub stub = await WebStub.StartAsync(TokenServer("Basic", expiresIn: 3600));
        WebProvider provider = stub.Provider();
        WebQuery query = Authenticated(stub);

        await provider.AskAsync(query);
        await provider.AskAsync(query);

        Assert.Equal(["/token", "/value", "/value"], stub.Requests.Select(r => r.Url));
        Asked token = stub.Requests.First();
        Assert.Equal("Basic aWQ6c2VjcmV0", token.Headers["Authorization"]);
        Assert.Equal("grant_type=client_credentials&scope=read+write", token.Body);
        Assert.All(stub.Requests.Skip(1), r => Assert.Equal("Bearer token-1", r.Headers["Authorization"]));
    }

    [Fact]
    public async Task Query_ServerThatTakesCredentialsInTheBodyOnly_GetsThemThere()
    {
        await using WebStub stub = await WebStub.StartAsync(TokenServer("body", expiresIn: 3600));

        await stub.Provider().AskAsync(Authenticated(stub));

        Assert.Equal(["/token", "/token", "/value"], stub.Requests.Select(r => r.Url));
        Assert.Contains("client_id=id&client_secret=secret", stub.Requests.ElementAt(1).Body);
    }

    [Fact]
    public async Task Query_TokenThatExpires_IsAskedForAgain()
    {
        await using WebStub stub = await WebStub.StartAsync(TokenServer("Basic", expiresIn: 10));
        WebProvider provider = stub.Provider();

        await provider.AskAsync(Authenticated(stub));
        await provider.AskAsync(Authenticated(stub));

        Assert.Equal(2, stub.Requests.Count(r => r.Url == "/token"));
    }

    [Fact]
    public async Task Query_NoToken_SaysSoWithoutTheSecret()
    {
        await using WebStub stub = await WebStub.StartAsync(TokenServer("nobody", expiresIn: 10));

        PortException failure = await stub.Provider().FailAsync(Authenticated(stub));

        Assert.Equal((FailureKind.Forbidden, $"oauth2: cannot fetch token: {stub.Address}/token: 401 Unauthorized"), (failure.Kind, failure.Message));
        Assert.DoesNotContain(stub.Requests, r => r.Url == "/value");
    }

    [Fact]
    public async Task Query_TokenAddressThatTheOperatorDoesNotList_GetsNoSecret()
    {
        await using WebStub stub = await WebStub.StartAsync("1");
        WebProvider provider = WebStub.For(new WebOptions { Addresses = [new WebAddress { Address = stub.Address }] });

        PortException failure = await provider.FailAsync(Authenticated(stub));

        Assert.Equal(
            $"the token address '{stub.Address}/token' is not allowed: the operator lists the servers that may be given a client's secret in Web:TokenAddresses",
            failure.Message);
        Assert.Empty(stub.Requests);
    }

    [Theory]
    [InlineData("ftp://a", null, "Web:Addresses:0:Address: 'ftp://a' can't be used: it must begin with http:// or https://")]
    [InlineData("http://a", "/nowhere", "Web:Addresses:0:CaFile: goes with an https address")]
    [InlineData("https://a", "/nowhere", "Web:Addresses:0:CaFile: there is no file '/nowhere'")]
    public void Validate_OptionsWrong_NamesTheSetting(string address, string? caFile, string expected) =>
        Assert.Equal([expected], WebOptionsValidation.Validate(new WebOptions { Addresses = [new WebAddress { Address = address, CaFile = caFile }] }));

    private static WebQuery Authenticated(WebStub stub) => new()
    {
        Url = $"{stub.Address}/value",
        OAuth2 = new OAuth2Client($"{stub.Address}/token", "id", "secret", ["read", "write"]),
    };

    private static RequestDelegate TokenServer(string takes, int expiresIn)
    {
        int given = 0;
        return async context =>
        {
            if (context.Request.Path != "/token")
            {
                await context.Response.WriteAsync("1");
                return;
            }

            bool isInHeader = context.Request.Headers.Authorization.ToString().StartsWith("Basic", StringComparison.Ordinal);
            context.Response.ContentType = "application/json";
            if (takes == (isInHeader ? "Basic" : "body"))
            {
                await context.Response.WriteAsync($$"""{"access_token":"token-{{++given}}","token_type":"bearer","expires_in":{{expiresIn}}}""");
                return;
            }

            context.Response.StatusCode = 401;
            await context.Response.WriteAsync("""{"error":"invalid_client"}""");
        };
    }
}
