using k8s.Models;
using static Rollouts.Sandbox.Tests.Ingress.IngressObjects;

namespace Rollouts.Sandbox.Tests.Ingress;

public sealed class RoutingTableBuilderTests
{
    private static readonly Dictionary<string, string> Weight5 = new() { ["canary-weight"] = "5" };

    [Fact]
    public void Build_CanaryWithSameHostPathAndType_JoinsMainRoute()
    {
        var table = Table([Canary(Weight5), Stable()]);

        var route = Assert.Single(Assert.Single(table.Hosts).Routes);
        Assert.Equal("demo.stable.80", route.Main.Name);
        Assert.Equal("127.0.0.1:1001", route.Main.Address);
        Assert.Equal("demo.canary.80", route.Canary?.Backend.Name);
        Assert.Equal(5, route.Canary?.Annotations.Weight);
        Assert.Empty(table.Ignored);
    }

    [Theory]
    [InlineData("/other", "Prefix", Host)]
    [InlineData("/", "Exact", Host)]
    [InlineData("/", "Prefix", "other.localhost")]
    [InlineData("/", "Prefix", null)]
    public void Build_CanaryThatMatchesNoMainRule_IsIgnored(string path, string pathType, string? host)
    {
        var table = Table([Stable(), Canary(Weight5, path: path, pathType: pathType, host: host)]);

        Assert.Null(Assert.Single(Assert.Single(table.Hosts).Routes).Canary);
        Assert.Contains("no main ingress", Assert.Single(table.Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_CanaryInAnotherNamespace_IsIgnored()
    {
        var canary = Canary(Weight5);
        canary.Metadata.NamespaceProperty = "elsewhere";

        Assert.Null(Assert.Single(Assert.Single(Table([Stable(), canary]).Hosts).Routes).Canary);
    }

    [Fact]
    public void Build_TwoCanariesForOneRule_TakesTheOlder()
    {
        var table = Table(
            [Stable(), Canary(Weight5, service: "newer", age: 10), Canary(Weight5, age: 20)],
            [Service("stable", "127.0.0.1:1001"), Service("canary", "127.0.0.1:1002"), Service("newer", "127.0.0.1:1003")]);

        Assert.Equal("demo.canary.80", Assert.Single(Assert.Single(table.Hosts).Routes).Canary?.Backend.Name);
        Assert.Contains("has a canary already", Assert.Single(table.Ignored), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_TwoMainIngressesForOneRule_TakesTheOlder()
    {
        var table = Table([Stable("canary", age: 10), Stable("stable", age: 20)]);

        Assert.Equal("demo.stable.80", Assert.Single(Assert.Single(table.Hosts).Routes).Main.Name);
        Assert.Single(table.Ignored);
    }

    [Fact]
    public void Build_CanaryWithTheMainService_LeavesTheRouteAlone()
    {
        var table = Table([Stable(), Canary(Weight5, service: "stable")]);

        Assert.Null(Assert.Single(Assert.Single(table.Hosts).Routes).Canary);
        Assert.Empty(table.Ignored);
    }

    [Fact]
    public void Build_CanaryAnnotationNotTrue_MakesItAMainIngress()
    {
        var notEnabled = Canary(Weight5, path: "/new");
        notEnabled.Metadata.Annotations["nginx.ingress.kubernetes.io/canary"] = "yes";

        var routes = Assert.Single(Table([Stable(), notEnabled]).Hosts).Routes;

        Assert.Equal(["demo.stable.80", "demo.canary.80"], routes.Select(route => route.Main.Name));
    }

    [Theory]
    [InlineData("haproxy", null)]
    [InlineData(null, null)]
    [InlineData("nginx", "haproxy")]
    public void Build_IngressOfAnotherClass_IsNotLookedAt(string? className, string? classAnnotation)
    {
        var ingress = Stable();
        ingress.Spec.IngressClassName = className;
        if (classAnnotation is not null)
            ingress.Metadata.Annotations = new Dictionary<string, string> { ["kubernetes.io/ingress.class"] = classAnnotation };

        Assert.Empty(Table([ingress]).Hosts);
    }

    [Theory]
    [InlineData("127.0.0.1:1001", "127.0.0.1:1001")]
    [InlineData("127.0.0.1", null)]
    [InlineData("evil; } http {", null)]
    [InlineData(null, null)]
    public void Build_ServiceAddress_IsAnAddressOrNothing(string? annotation, string? expected)
    {
        var table = Table([Stable()], [Service("stable", annotation)]);

        Assert.Equal(expected, Assert.Single(Assert.Single(table.Hosts).Routes).Main.Address);
    }

    [Fact]
    public void Build_BackendPortByName_IsLookedUpInTheService()
    {
        var ingress = Stable();
        ingress.Spec.Rules[0].Http.Paths[0].Backend.Service.Port = new() { Name = "http" };

        Assert.Equal("demo.stable.80", Assert.Single(Assert.Single(Table([ingress]).Hosts).Routes).Main.Name);
    }

    [Theory]
    [InlineData("a b", "/")]
    [InlineData("x;}", "/")]
    [InlineData(Host, "relative")]
    public void Build_HostOrPathThatNginxCannotHave_IsIgnored(string host, string path)
    {
        var table = Table([Stable(host: host, path: path)]);

        Assert.Empty(table.Hosts);
        Assert.Single(table.Ignored);
    }

    [Fact]
    public void HeaderPatterns_CanariesOfTheClass_AreListed()
    {
        V1Ingress[] ingresses =
        [
            Stable(),
            Canary(new Dictionary<string, string> { ["canary-by-header"] = "X-A", ["canary-by-header-pattern"] = "^b(" }),
        ];

        Assert.Equal(["^b("], Rollouts.Sandbox.Ingress.RoutingTableBuilder.HeaderPatterns(ingresses, "nginx"));
    }
}
