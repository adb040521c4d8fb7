using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

public sealed class CanaryAnnotationsTests
{
    private const string Prefix = "nginx.ingress.kubernetes.io/";

    private static readonly NginxRouting s_routing = new() { StableIngresses = ["web"] };
    private static readonly HeaderRoute s_route = new("internal", [new("X-Internal", HeaderMatchKind.Prefix, "a.b")]);

    public static TheoryData<string?, int> Weights => new() { { "25", 25 }, { "0", 0 }, { "-3", 0 }, { "half", 0 }, { "12.5", 0 }, { null, 0 } };

    [Fact]
    public void For_OtherPrefix_UsesIt()
    {
        CanaryAnnotations annotations = new(s_routing with { AnnotationPrefix = "ingress.example.com", MaxTrafficWeight = 200 });

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["ingress.example.com/canary"] = "true",
                ["ingress.example.com/canary-weight"] = "7",
                ["ingress.example.com/canary-weight-total"] = "200",
            },
            annotations.For([], new TrafficSplit(7, [])));
    }

    [Fact]
    public void For_AdditionalAnnotationThatIsOurs_LosesToTheSplit()
    {
        CanaryAnnotations annotations = With(("canary", "false"), ("canary-weight", "99"));

        Dictionary<string, string> written = annotations.For([], new TrafficSplit(7, []));

        Assert.Equal("true", written[Prefix + "canary"]);
        Assert.Equal("7", written[Prefix + "canary-weight"]);
    }

    [Fact]
    public void For_HeaderOfTheSetUp_IsKeptBesideTheWeightAndIsNoRoute()
    {
        CanaryAnnotations annotations = With(("canary-by-header", "X-Canary"));

        Dictionary<string, string> written = annotations.For([], new TrafficSplit(7, []));

        Assert.Equal("X-Canary", written[Prefix + "canary-by-header"]);
        Assert.Equal(new TrafficSplit(7, []), annotations.Read(written));
    }

    [Fact]
    public void For_RouteOverAHeaderOfTheSetUp_ReplacesItUntilItIsRemoved()
    {
        CanaryAnnotations annotations = With(("canary-by-header", "X-Canary"), ("canary-by-header-value", "yes"));

        Dictionary<string, string> routed = annotations.For([], new TrafficSplit(7, [s_route]));
        Dictionary<string, string> after = annotations.For(routed, new TrafficSplit(7, []));

        Assert.Equal("X-Internal", routed[Prefix + "canary-by-header"]);
        Assert.False(routed.ContainsKey(Prefix + "canary-by-header-value"));
        Assert.Equal(new TrafficSplit(7, [s_route]), annotations.Read(routed));
        Assert.Equal("X-Canary", after[Prefix + "canary-by-header"]);
        Assert.Equal("yes", after[Prefix + "canary-by-header-value"]);
        Assert.False(after.ContainsKey(Prefix + "canary-by-header-pattern"));
        Assert.Equal(new TrafficSplit(7, []), annotations.Read(after));
    }

    [Theory]
    [MemberData(nameof(Weights))]
    public void Read_Weight_IsReadAsTheControllerDoes(string? weight, int read)
    {
        Dictionary<string, string> live = new() { [Prefix + "canary"] = "true" };
        if (weight is not null)
        {
            live[Prefix + "canary-weight"] = weight;
        }

        Assert.Equal(new TrafficSplit(read, []), new CanaryAnnotations(s_routing).Read(live));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("True")]
    [InlineData("")]
    public void Read_CanaryNotEnabled_IsNone(string canary) => Assert.Equal(
        TrafficSplit.None,
        new CanaryAnnotations(s_routing).Read(new Dictionary<string, string> { [Prefix + "canary"] = canary, [Prefix + "canary-weight"] = "50" }));

    [Fact]
    public void Read_HeaderThatSomebodySetByHand_IsSeen()
    {
        Dictionary<string, string> live = new() { [Prefix + "canary"] = "true", [Prefix + "canary-by-header"] = "X-Debug" };

        TrafficSplit read = new CanaryAnnotations(s_routing).Read(live);

        Assert.Equal(new TrafficSplit(0, [new("X-Debug", [new("X-Debug", HeaderMatchKind.Exact, "always")])]), read);
        Assert.False(new CanaryAnnotations(s_routing).For(live, TrafficSplit.None).ContainsKey(Prefix + "canary-by-header"));
    }

    private static CanaryAnnotations With(params (string Key, string Value)[] additional) =>
        new(s_routing with { AdditionalIngressAnnotations = additional.ToDictionary(a => a.Key, a => a.Value) });
}
