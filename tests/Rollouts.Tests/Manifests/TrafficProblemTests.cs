using Rollouts.Manifests;
using Rollouts.Traffic;

namespace Rollouts.Tests.Manifests;

public sealed class TrafficProblemTests
{
    private const string Routing = "spec.strategy.canary.trafficRouting";

    private const string Ingress = "          stableIngress: web\n";

    [Theory]
    [InlineData("web-canary", "web-stable", "a.yaml:9: spec.strategy.canary.stableService: This rollout uses the same service for the stable and canary services, but two different services are required.")]
    [InlineData("      stableService: web-stable\n", "", "a.yaml:7: spec.strategy.canary.stableService: is required: the Service of the version that users have now")]
    [InlineData("web-canary", "web.canary", "a.yaml:8: spec.strategy.canary.canaryService: \"web.canary\" is no name that Kubernetes takes; it must be a DNS-1123 label: lower-case letters, digits and -, at most 63 characters, beginning and ending with a letter or digit")]
    [InlineData("      trafficRouting:\n        nginx:\n          stableIngress: web\n", "", $"a.yaml:7: {Routing}: is required: only a traffic router can give a canary its weight; it holds one or several of nginx, plugins (argoproj-labs/gatewayAPI), istio, traefik, alb")]
    [InlineData("        nginx:\n", "        x: {}\n        nginx:\n", $"a.yaml:11: {Routing}.x: unknown field; supported are nginx, plugins, istio, traefik, alb, managedRoutes, maxTrafficWeight")]
    public void Read_ServicesOrRouterWrong_SaysWhatIsNeeded(string find, string replace, string expected) =>
        Assert.Equal([expected], Manifest.ProblemsAfter(find, replace));

    [Theory]
    [InlineData("smi")]
    [InlineData("ambassador")]
    [InlineData("apisix")]
    [InlineData("appMesh")]
    public void Read_OtherRouter_IsRefusedByName(string router) =>
        Assert.Equal(
            [$"a.yaml:11: {Routing}.{router}: not supported: nothing here writes its objects; supported are nginx, plugins, istio, traefik, alb, managedRoutes, maxTrafficWeight"],
            Manifest.ProblemsAfter("        nginx:\n", $"        {router}: {{}}\n        nginx:\n"));

    [Theory]
    [InlineData("          stableIngresses: []\n", $"a.yaml:11: {Routing}.nginx: Either StableIngress or StableIngresses must be configured. Neither are configured.")]
    [InlineData("          stableIngress: web\n          stableIngresses: [b]\n", $"a.yaml:13: {Routing}.nginx.stableIngresses: Either StableIngress or StableIngresses must be configured. Both are configured.")]
    [InlineData("          stableIngresses: [web, api, web]\n", $"a.yaml:12: {Routing}.nginx.stableIngresses[2]: names web a second time; name each ingress once")]
    [InlineData("          stableIngresses: web\n", $"a.yaml:12: {Routing}.nginx.stableIngresses: must be a list; found the text \"web\"")]
    [InlineData("          stableIngresses:\n          - web\n          - 5\n", $"a.yaml:14: {Routing}.nginx.stableIngresses[1]: must be a text; 5 is read as a number, so put it in quotes: \"5\"")]
    [InlineData("          stableIngress: A\n", $"a.yaml:12: {Routing}.nginx.stableIngress: \"A\" is no name that Kubernetes takes; it must be a DNS-1123 subdomain: lower-case letters, digits, - and ., at most 253 characters, beginning and ending with a letter or digit")]
    [InlineData("          stableIngress: web\n          annotationPrefix: a/b\n", $"a.yaml:13: {Routing}.nginx.annotationPrefix: \"a/b\" is no name that Kubernetes takes; it must be a DNS-1123 subdomain: lower-case letters, digits, - and ., at most 253 characters, beginning and ending with a letter or digit")]
    public void Read_NginxWrong_SaysWhatIsAllowed(string replace, string expected) =>
        Assert.Equal([expected], Manifest.ProblemsAfter(Ingress, replace));

    [Theory]
    [InlineData("canary-by-header: X", "canary-by-header", "not supported: it would send requests to the canary after an abort, too; use a setHeaderRoute step")]
    [InlineData("nginx.ingress.kubernetes.io/canary-by-cookie: X", "nginx.ingress.kubernetes.io/canary-by-cookie", "not supported: it would send requests to the canary after an abort, too; use a setHeaderRoute step")]
    [InlineData("canary-weight: \"5\"", "canary-weight", "is written by the rollout itself; remove it")]
    [InlineData("canary: \"true\"", "canary", "is written by the rollout itself; remove it")]
    [InlineData("\"bad key\": x", "\"bad key\"", "is no annotation key that Kubernetes takes; it must be NAME or PREFIX/NAME of letters, digits, -, _ and .")]
    [InlineData("load-balance: yes", "load-balance", "must be a text; yes is read as a boolean, so put it in quotes: \"yes\"")]
    [InlineData("load-balance: {}", "load-balance", "must be a text; found an object")]
    public void Read_AnnotationWrong_SaysWhatIsAllowed(string annotation, string key, string expected) =>
        Assert.Equal(
            [$"a.yaml:14: {Routing}.nginx.additionalIngressAnnotations.{key}: {expected}"],
            Manifest.ProblemsAfter(Ingress, $"{Ingress}          additionalIngressAnnotations:\n            {annotation}\n"));

    [Theory]
    [InlineData("nginx.ingress.kubernetes.io/canary-by-header: X", "nginx.ingress.kubernetes.io/canary-by-header", "not supported: it would send requests to the canary after an abort, too; use a setHeaderRoute step")]
    [InlineData("nginx.ingress.kubernetes.io/canary-weight: \"5\"", "nginx.ingress.kubernetes.io/canary-weight", "is written by the rollout itself; remove it")]
    [InlineData("rolloutfunctions/owner: me", "rolloutfunctions/owner", "is written by the rollout itself; remove it")]
    public void Read_CanaryAnnotationWrong_SaysWhatIsAllowed(string annotation, string key, string expected) =>
        Assert.Equal(
            [$"a.yaml:14: {Routing}.nginx.canaryIngressAnnotations.{key}: {expected}"],
            Manifest.ProblemsAfter(Ingress, $"{Ingress}          canaryIngressAnnotations:\n            {annotation}\n"));

    [Theory]
    [InlineData("          maxTrafficWeight: 50\n", $"a.yaml:13: {Routing}.nginx.maxTrafficWeight: must be 100 or more; ingress-nginx takes a smaller canary-weight-total as 100, and weight 50 would never be all traffic")]
    [InlineData("          maxTrafficWeight: 0\n", $"a.yaml:13: {Routing}.nginx.maxTrafficWeight: must be a whole number from 1 to 1000000; found the number 0")]
    [InlineData("          maxTrafficWeight: 1000\n        maxTrafficWeight: 2000\n", $"a.yaml:13: {Routing}.nginx.maxTrafficWeight: is 1000, but trafficRouting.maxTrafficWeight is 2000; give it once, there")]
    public void Read_GreatestWeightWrong_SaysWhatIsAllowed(string addition, string expected) =>
        Assert.Equal([expected], Manifest.ProblemsAfter(Ingress, Ingress + addition));

    [Theory]
    [InlineData("          maxTrafficWeight: 1000\n")]
    [InlineData("        maxTrafficWeight: 1000\n")]
    [InlineData("          maxTrafficWeight: 1000\n        maxTrafficWeight: 1000\n")]
    public void Read_GreatestWeight_BoundsTheStepsAndIsWritten(string addition)
    {
        string text = Manifest.Rollout.Replace(Ingress, Ingress + addition).Replace("setWeight: 5", "setWeight: 1000");

        TrafficTarget target = Manifest.Read(text, Manifest.Template).Release!.Target;

        Assert.Equal((1000, 1000), (target.MaxWeight, target.Nginx!.MaxTrafficWeight));
        Assert.Equal(
            ["a.yaml:" + (addition.Count(c => c == '\n') + 14) + ": spec.strategy.canary.steps[0].setWeight: must be a whole number from 0 to 1000; found the number 1001"],
            Manifest.Problems(text.Replace("setWeight: 1000", "setWeight: 1001"), Manifest.Template));
    }

    [Fact]
    public void Read_AllNginxFields_GivesTarget()
    {
        Release release = Manifest.Read(
            Manifest.Rollout.Replace(Ingress, """
                          stableIngresses: [web, api.internal]
                          annotationPrefix: custom.nginx.io
                          additionalIngressAnnotations:
                            load-balance: ewma
                            custom.nginx.io/upstream-hash-by: $host
                          canaryIngressAnnotations:
                            team: shop
                            custom.nginx.io/load-balance: round_robin

                """),
            Manifest.Template).Release!;

        NginxRouting nginx = release.Target.Nginx!;
        Assert.Equal(["web", "api.internal"], nginx.StableIngresses);
        Assert.Equal("custom.nginx.io", nginx.AnnotationPrefix);
        Assert.Equal([new("custom.nginx.io/upstream-hash-by", "$host"), new("load-balance", "ewma")], nginx.AdditionalIngressAnnotations);
        Assert.Equal([new("custom.nginx.io/load-balance", "round_robin"), new("team", "shop")], nginx.CanaryIngressAnnotations!);
        Assert.Null(nginx.MaxTrafficWeight);
        Assert.Equal(("default", "web"), (release.Target.Namespace, release.Target.RolloutName));
    }
}
