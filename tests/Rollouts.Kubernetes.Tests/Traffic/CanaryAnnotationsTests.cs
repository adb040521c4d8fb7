using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
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
    public void Write_OtherPrefix_UsesIt()
    {
        CanaryAnnotations annotations = new(s_routing with { AnnotationPrefix = "ingress.example.com", MaxTrafficWeight = 200 });

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["ingress.example.com/canary"] = "true",
                ["ingress.example.com/canary-weight"] = "7",
                ["ingress.example.com/canary-weight-total"] = "200",
            },
            Written(annotations, [], new TrafficSplit(7, [])));
    }

    [Fact]
    public void Write_AdditionalAnnotationThatIsOurs_LosesToTheSplit()
    {
        CanaryAnnotations annotations = With(("canary", "false"), ("canary-weight", "99"));

        Dictionary<string, string> written = Written(annotations, [], new TrafficSplit(7, []));

        Assert.Equal("true", written[Prefix + "canary"]);
        Assert.Equal("7", written[Prefix + "canary-weight"]);
    }

    [Fact]
    public void Write_HeaderOfTheSetUp_IsKeptBesideTheWeightAndIsNoRoute()
    {
        CanaryAnnotations annotations = With(("canary-by-header", "X-Canary"));

        Dictionary<string, string> written = Written(annotations, [], new TrafficSplit(7, []));

        Assert.Equal("X-Canary", written[Prefix + "canary-by-header"]);
        Assert.Equal(new TrafficSplit(7, []), annotations.Read(Object(written)));
    }

    [Fact]
    public void Write_RouteOverAHeaderOfTheSetUp_ReplacesItUntilItIsRemoved()
    {
        CanaryAnnotations annotations = With(("canary-by-header", "X-Canary"), ("canary-by-header-value", "yes"));

        Dictionary<string, string> routed = Written(annotations, [], new TrafficSplit(7, [s_route]));
        Dictionary<string, string> after = Written(annotations, routed, new TrafficSplit(7, []));

        Assert.Equal("X-Internal", routed[Prefix + "canary-by-header"]);
        Assert.False(routed.ContainsKey(Prefix + "canary-by-header-value"));
        Assert.Equal(new TrafficSplit(7, [s_route]), annotations.Read(Object(routed)));
        Assert.Equal("X-Canary", after[Prefix + "canary-by-header"]);
        Assert.Equal("yes", after[Prefix + "canary-by-header-value"]);
        Assert.False(after.ContainsKey(Prefix + "canary-by-header-pattern"));
        Assert.Equal(new TrafficSplit(7, []), annotations.Read(Object(after)));
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

        Assert.Equal(new TrafficSplit(read, []), new CanaryAnnotations(s_routing).Read(Object(live)));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("True")]
    [InlineData("")]
    public void Read_CanaryNotEnabled_IsNone(string canary) => Assert.Equal(
        TrafficSplit.None,
        new CanaryAnnotations(s_routing).Read(Object(new() { [Prefix + "canary"] = canary, [Prefix + "canary-weight"] = "50" })));

    [Fact]
    public void Read_HeaderThatSomebodySetByHand_IsSeen()
    {
        Dictionary<string, string> live = new() { [Prefix + "canary"] = "true", [Prefix + "canary-by-header"] = "X-Debug" };

        TrafficSplit read = new CanaryAnnotations(s_routing).Read(Object(live));

        Assert.Equal(new TrafficSplit(0, [new("X-Debug", [new("X-Debug", HeaderMatchKind.Exact, "always")])]), read);
        Assert.False(Written(new CanaryAnnotations(s_routing), live, TrafficSplit.None).ContainsKey(Prefix + "canary-by-header"));
    }

    private static JsonObject Object(Dictionary<string, string> annotations) =>
        new() { ["metadata"] = new JsonObject { ["annotations"] = JsonObjectFields.Of(annotations) } };

    private static Dictionary<string, string> Written(CanaryAnnotations annotations, Dictionary<string, string> live, TrafficSplit split)
    {
        JsonObject canary = Object(live);
        annotations.Write(canary, split);
        return JsonObjectFields.TextMap(canary["metadata"]!["annotations"]);
    }

    private static CanaryAnnotations With(params (string Key, string Value)[] additional) =>
        new(s_routing with { AdditionalIngressAnnotations = additional.ToDictionary(a => a.Key, a => a.Value) });
}
