using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Requests;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

public sealed class CanaryIngressTests
{
    private static readonly TrafficTarget s_target = Ingresses.Target("shop", "web");

    [Theory]
    [InlineData("shop", "web", "shop-web-canary")]
    [InlineData("shop", "web.internal", "shop-web.internal-canary")]
    public void NameFor_ShortNames_IsArgos(string rollout, string stable, string name) => Assert.Equal(name, CanaryIngress.NameFor(rollout, stable));

    [Theory]
    [InlineData(245, 253)]
    [InlineData(246, 253)]
    [InlineData(300, 253)]
    [InlineData(200, 209)]
    public void NameFor_LongNames_CutsThePrefix(int rollout, int length)
    {
        string name = CanaryIngress.NameFor(new string('a', rollout), "b");

        Assert.Equal(length, name.Length);
        Assert.EndsWith("-canary", name, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_Always_CopiesNothingButTlsClassAndRules()
    {
        V1Ingress stable = Ingresses.Stable("web");
        stable.Metadata.Labels = new Dictionary<string, string> { ["app"] = "shop" };
        stable.Metadata.Annotations["kubernetes.io/ingress.class"] = "internal";
        stable.Spec.DefaultBackend = new() { Service = new() { Name = "fallback", Port = new() { Number = 80 } } };

        V1Ingress canary = Built(stable);

        Assert.Equal(["app.kubernetes.io/managed-by"], canary.Metadata.Labels.Keys);
        Assert.Equal(
            ["kubernetes.io/ingress.class", "nginx.ingress.kubernetes.io/canary", "nginx.ingress.kubernetes.io/canary-weight", "rolloutfunctions/rollout"],
            canary.Metadata.Annotations.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("internal", canary.Metadata.Annotations["kubernetes.io/ingress.class"]);
        Assert.Equal("nginx", canary.Spec.IngressClassName);
        Assert.Equal("web-tls", Assert.Single(canary.Spec.Tls).SecretName);
        Assert.Null(canary.Spec.DefaultBackend);
        Assert.Equal("web.example.com", Assert.Single(canary.Spec.Rules).Host);
    }

    [Fact]
    public void Build_Always_LeavesTheStableIngressAlone()
    {
        V1Ingress stable = Ingresses.Stable("web");

        JsonObject json = Json(stable);

        CanaryIngress.Build(s_target, s_target.Nginx!, json);

        Assert.True(JsonNode.DeepEquals(Json(Ingresses.Stable("web")), json));
    }

    [Fact]
    public void Build_RulesWithoutHttpAndBackendsWithoutService_ArePassedOver()
    {
        V1Ingress stable = Ingresses.Stable("web");
        stable.Spec.Rules.Insert(0, new() { Host = "bare.example.com" });
        stable.Spec.Rules.Insert(1, new() { Host = "empty.example.com", Http = new() });
        stable.Spec.Rules[2].Http.Paths.Add(new() { Path = "/files", PathType = "Prefix", Backend = new() { Resource = new() { Kind = "Bucket", Name = "files" } } });

        V1IngressRule rule = Assert.Single(Built(stable).Spec.Rules);

        Assert.Equal(["/", "/cart", "/static", "/files"], rule.Http.Paths.Select(p => p.Path));
        Assert.Equal("files", rule.Http.Paths[3].Backend.Resource.Name);
    }

    [Fact]
    public void Build_NoRules_IsInvalid()
    {
        V1Ingress stable = Ingresses.Stable("web");
        stable.Spec.Rules = null;
        stable.Spec.DefaultBackend = new() { Service = new() { Name = "shop-stable", Port = new() { Number = 80 } } };

        PortException refusal = Assert.Throws<PortException>(() => Built(stable));

        Assert.Equal(FailureKind.Invalid, refusal.Kind);
        Assert.Contains("ingress `web` in namespace shop has no rules using service shop-stable backend", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("default backend", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_NothingNew_NeedsNoPatch()
    {
        JsonObject live = CanaryIngress.Build(s_target, s_target.Nginx!, Json(Ingresses.Stable("web")));
        JsonObject built = CanaryIngress.Build(s_target, s_target.Nginx!, Json(Ingresses.Stable("web")));

        Assert.Null(JsonObjects.Between(live, CanaryIngress.Update(live, built, s_target.Nginx!, TrafficSplit.None)));
    }

    [Fact]
    public void Update_ClassAnnotationGone_RemovesIt()
    {
        V1Ingress stable = Ingresses.Stable("web");
        stable.Metadata.Annotations["kubernetes.io/ingress.class"] = "internal";
        JsonObject live = CanaryIngress.Build(s_target, s_target.Nginx!, Json(stable));
        JsonObject built = CanaryIngress.Build(s_target, s_target.Nginx!, Json(Ingresses.Stable("web")));

        string patch = JsonObjects.Between(live, CanaryIngress.Update(live, built, s_target.Nginx!, TrafficSplit.None))!.ToJsonString();

        Assert.Equal("""{"metadata":{"annotations":{"kubernetes.io/ingress.class":null}}}""", patch);
    }

    [Fact]
    public void Update_SpecChanged_PatchesOnlyThat()
    {
        JsonObject live = CanaryIngress.Build(s_target, s_target.Nginx!, Json(Ingresses.Stable("web")));
        V1Ingress stable = Ingresses.Stable("web");
        stable.Spec.IngressClassName = "other";
        stable.Spec.Tls = [];

        JsonObject updated = CanaryIngress.Update(live, CanaryIngress.Build(s_target, s_target.Nginx!, Json(stable)), s_target.Nginx!, TrafficSplit.None);

        Assert.Equal("""{"spec":{"tls":null,"ingressClassName":"other"}}""", JsonObjects.Between(live, updated)!.ToJsonString());
    }

    private static JsonObject Json(V1Ingress ingress) => JsonNode.Parse(KubernetesJson.Serialize(ingress))!.AsObject();

    private static V1Ingress Built(V1Ingress stable) =>
        KubernetesJson.Deserialize<V1Ingress>(CanaryIngress.Build(s_target, s_target.Nginx!, Json(stable)).ToJsonString());
}
