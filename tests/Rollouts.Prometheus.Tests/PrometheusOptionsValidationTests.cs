namespace Rollouts.Prometheus.Tests;

public sealed class PrometheusOptionsValidationTests
{
    private static readonly PrometheusAddress Plain = new() { Address = "https://p:9090" };

    public static TheoryData<PrometheusOptions, string> Wrong => new()
    {
        { With(new PrometheusAddress { Address = "p:9090" }), "Prometheus:Addresses:0:Address: 'p:9090' can't be used: it must begin with http:// or https://" },
        { With(new PrometheusAddress { Address = "" }), "Prometheus:Addresses:0:Address: '' can't be used" },
        { With(new PrometheusAddress { Address = "http://a:b@p" }), "Prometheus:Addresses:0:Address: 'http://p' can't be used: user name and password" },
        { With(Plain, new PrometheusAddress { Address = "HTTPS://P:9090/" }), "Prometheus:Addresses:1:Address: 'HTTPS://P:9090/' is listed twice" },
        { With(Plain) with { DefaultAddress = "http://p:9090" }, "Prometheus:DefaultAddress: 'http://p:9090' is not among Prometheus:Addresses" },
        { With(Plain with { BasicAuth = new() { Username = "", Password = "x" } }), "BasicAuth:Username: must be given and hold no colon" },
        { With(Plain with { BasicAuth = new() { Username = "a:b", Password = "x" } }), "BasicAuth:Username: must be given and hold no colon" },
        { With(Plain with { BasicAuth = new() { Username = "a" } }), "BasicAuth: needs either Password or PasswordFile" },
        { With(Plain with { BasicAuth = new() { Username = "a", PasswordFile = "/nowhere/password" } }), "BasicAuth:PasswordFile: there is no file '/nowhere/password'" },
        { With(Plain with { BearerToken = "x", BasicAuth = new() { Username = "a", Password = "b" } }), "takes one of BasicAuth, BearerToken and BearerTokenFile" },
        { With(Plain with { BearerTokenFile = "/nowhere/token" }), "BearerTokenFile: there is no file '/nowhere/token'" },
        { With(Plain with { CaFile = "/nowhere/ca.pem" }), "CaFile: '/nowhere/ca.pem' can't be read as PEM certificates" },
        { With(Plain with { CaFile = "/dev/null" }), "CaFile: '/dev/null' can't be read as PEM certificates: there is no certificate in it" },
        { With(Plain with { Address = "http://p:9090", CaFile = "/dev/null" }), "CaFile: has no meaning for an http address" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Validate_WrongOptions_NamesTheSetting(PrometheusOptions options, string problem)
    {
        Assert.Contains(PrometheusOptionsValidation.Validate(options), p => p.Contains(problem));
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => Providers.For(options)).Message);
    }

    [Fact]
    public void Validate_SeveralProblems_AreAllReported() =>
        Assert.Equal(
            3,
            PrometheusOptionsValidation.Validate(
                With(new PrometheusAddress { Address = "x", BearerTokenFile = "/nowhere/token" }) with { DefaultAddress = "y" }).Count);

    [Theory]
    [InlineData("http://p:9090")]
    [InlineData("https://p:9090/")]
    [InlineData("https://p:9090/below")]
    public void Validate_DefaultAddressAmongTheAllowed_IsFine(string address) =>
        Assert.Empty(PrometheusOptionsValidation.Validate(
            With(Plain, new PrometheusAddress { Address = "http://p:9090" }) with { DefaultAddress = address }));

    private static PrometheusOptions With(params PrometheusAddress[] addresses) => new() { Addresses = addresses };
}
