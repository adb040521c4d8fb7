using k8s.Models;
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

        V1Ingress canary = CanaryIngress.Build(s_target, stable);

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

        CanaryIngress.Build(s_target, stable);

        Assert.Null(IngressObjects.Between(Ingresses.Stable("web"), stable));
    }

    [Fact]
    public void Build_RulesWithoutHttpAndBackendsWithoutService_ArePassedOver()
    {
        V1Ingress stable = Ingresses.Stable("web");
        stable.Spec.Rules.Insert(0, new() { Host = "bare.example.com" });
        stable.Spec.Rules.Insert(1, new() { Host = "empty.example.com", Http = new() });
        stable.Spec.Rules[2].Http.Paths.Add(new() { Path = "/files", PathType = "Prefix", Backend = new() { Resource = new() { Kind = "Bucket", Name = "files" } } });

        V1IngressRule rule = Assert.Single(CanaryIngress.Build(s_target, stable).Spec.Rules);

        Assert.Equal(["/", "/cart", "/static", "/files"], rule.Http.Paths.Select(p => p.Path));
        Assert.Equal("files", rule.Http.Paths[3].Backend.Resource.Name);
    }

    [Fact]
    public void Build_NoRules_IsInvalid()
    {
        V1Ingress stable = Ingresses.Stable("web");
        stable.Spec.Rules = null;
        stable.Spec.DefaultBackend = new() { Service = new() { Name = "shop-stable", Port = new() { Number = 80 } } };

        PortException refusal = Assert.Throws<PortException>(() => CanaryIngress.Build(s_target, stable));

        Assert.Equal(FailureKind.Invalid, refusal.Kind);
        Assert.Contains("ingress `web` in namespace shop has no rules using service shop-stable backend", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("default backend", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_NothingNew_NeedsNoPatch()
    {
        V1Ingress live = CanaryIngress.Build(s_target, Ingresses.Stable("web"));
        V1Ingress built = CanaryIngress.Build(s_target, Ingresses.Stable("web"));

        Assert.Null(IngressObjects.Between(live, CanaryIngress.Update(live, built, s_target.Nginx!, TrafficSplit.None)));
    }

    [Fact]
    public void Update_ClassAnnotationGone_RemovesIt()
    {
        V1Ingress stable = Ingresses.Stable("web");
        stable.Metadata.Annotations["kubernetes.io/ingress.class"] = "internal";
        V1Ingress live = CanaryIngress.Build(s_target, stable);
        V1Ingress built = CanaryIngress.Build(s_target, Ingresses.Stable("web"));

        string patch = IngressObjects.Between(live, CanaryIngress.Update(live, built, s_target.Nginx!, TrafficSplit.None))!.ToJsonString();

        Assert.Equal("""{"metadata":{"annotations":{"kubernetes.io/ingress.class":null}}}""", patch);
    }

    [Fact]
    public void Update_SpecChanged_PatchesOnlyThat()
    {
        V1Ingress live = CanaryIngress.Build(s_target, Ingresses.Stable("web"));
        V1Ingress stable = Ingresses.Stable("web");
        stable.Spec.IngressClassName = "other";
        stable.Spec.Tls = [];

        V1Ingress updated = CanaryIngress.Update(live, CanaryIngress.Build(s_target, stable), s_target.Nginx!, TrafficSplit.None);

        Assert.Equal("""{"spec":{"tls":null,"ingressClassName":"other"}}""", IngressObjects.Between(live, updated)!.ToJsonString());
    }
}
