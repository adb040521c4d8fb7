using Rollouts.Manifests;
using Rollouts.Manifests.Migration;
using Rollouts.Traffic;

namespace Rollouts.Tests.Manifests.Migration;

public sealed class GatewayMigrationTests
{
    private const string Release = """
        # The release of the shop.
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata:
          name: checkout
          namespace: shop
        spec:
          strategy:
            canary:
              canaryService: checkout-canary
              stableService: checkout-stable
              trafficRouting:
                nginx:
                  stableIngress: checkout    # until we move
                  additionalIngressAnnotations:
                    load-balance: ewma
              # internal traffic first
              steps:
              - setHeaderRoute:
                  name: internal
                  match:
                  - headerName: X-Internal
                    headerValue: { exact: canary }
              - setWeight: 25

        """;

    private const string Ingress = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: networking.k8s.io/v1
          kind: Ingress
          metadata:
            name: checkout
            namespace: shop
            annotations: { nginx.ingress.kubernetes.io/proxy-body-size: 8m }
          spec:
            tls: [{ hosts: [shop.example.com], secretName: shop-tls }]
            rules:
            - host: shop.example.com
              http:
                paths:
                - { path: /cart, pathType: Exact, backend: { service: { name: checkout-stable, port: { number: 8080 } } } }
                - { path: /assets, pathType: Prefix, backend: { service: { name: assets, port: { number: 80 } } } }
            - host: www.example.com
              http:
                paths:
                - { path: /cart, pathType: Exact, backend: { service: { name: checkout-stable, port: { number: 8080 } } } }
                - { path: /assets, pathType: Prefix, backend: { service: { name: assets, port: { number: 80 } } } }
            - host: static.example.com
              http:
                paths:
                - { path: /, pathType: Prefix, backend: { service: { name: assets, port: { name: http } } } }

        """;

    [Fact]
    public void Run_BlockStyle_RewritesTheRoutingAndNothingElse()
    {
        GatewayMigrationResult result = GatewayMigration.Run([new("release.yaml", Release)], "infra/public");

        Assert.Empty(result.Problems);
        Assert.Equal(Expected, Assert.Single(result.Files).Text);
        TrafficTarget target = ReleaseReader.Read(result.Files).Release!.Target;
        Assert.Equal([new GatewayRoute("checkout", true)], target.GatewayApi!.HttpRoutes);
        Assert.Equal(["internal"], target.ManagedRoutes!);
        Assert.Contains("the annotation load-balance of the canary ingress has no counterpart in an HTTPRoute", result.Notes);
        Assert.Contains(result.Notes, n => n.StartsWith("the Ingress checkout is not among the files", StringComparison.Ordinal));
    }

    private static string Expected => Release
        .Replace("        nginx:\n", "        plugins:\n", StringComparison.Ordinal)
        .Replace("          stableIngress: checkout    # until we move\n", "          argoproj-labs/gatewayAPI:\n            httpRoute: checkout\n", StringComparison.Ordinal)
        .Replace("          additionalIngressAnnotations:\n            load-balance: ewma\n", "        managedRoutes:\n        - name: internal\n", StringComparison.Ordinal);

    [Fact]
    public void Run_WithTheIngress_WritesARouteWithItsHostsPathsAndPorts()
    {
        GatewayMigrationResult result = GatewayMigration.Run([new("release.yaml", Release), new("ingress.yaml", Ingress)], "infra/public");

        Assert.Empty(result.Problems);
        Assert.Equal(
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: checkout
              namespace: shop
            spec:
              parentRefs:
              - name: public
                namespace: infra
              hostnames:
              - "shop.example.com"
              - "www.example.com"
              rules:
              - matches:
                - path: { type: Exact, value: "/cart" }
                backendRefs:
                - name: checkout-stable
                  port: 8080
                  weight: 100
                - name: checkout-canary
                  port: 8080
                  weight: 0
              - matches:
                - path: { type: PathPrefix, value: "/assets" }
                backendRefs:
                - name: assets
                  port: 80

            """,
            Assert.Single(result.Routes));
        Assert.Contains("the TLS of the Ingress checkout belongs to a listener of the Gateway", result.Notes);
        Assert.Contains(result.Notes, n => n.Contains("proxy-body-size", StringComparison.Ordinal));
        Assert.Contains(result.Notes, n => n.StartsWith("the host static.example.com", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{nginx: {stableIngress: checkout}}", "{plugins: {argoproj-labs/gatewayAPI: {httpRoute: checkout}}, managedRoutes: [{name: internal}]}")]
    [InlineData(
        "{nginx: {stableIngresses: [checkout, api], maxTrafficWeight: 1000}, managedRoutes: [{name: internal}]}",
        "{plugins: {argoproj-labs/gatewayAPI: {httpRoutes: [{name: checkout, useHeaderRoutes: true}, {name: api, useHeaderRoutes: true}]}}, maxTrafficWeight: 1000, managedRoutes: [{name: internal}]}")]
    public void Run_FlowStyle_StaysInFlowStyle(string before, string after)
    {
        string text = Flow(before);

        GatewayMigrationResult result = GatewayMigration.Run([new("release.yaml", text)], "gateway");

        Assert.Empty(result.Problems);
        Assert.Equal(Flow(after), Assert.Single(result.Files).Text);
    }

    [Fact]
    public void Run_NotRoutedByNginx_IsRefused()
    {
        GatewayMigrationResult result = GatewayMigration.Run([new("release.yaml", Flow("{istio: {virtualService: {name: checkout}}}"))], "gateway");

        Assert.Contains("is not routed by ingress-nginx", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
        Assert.Empty(result.Files);
    }

    [Fact]
    public void Run_InvalidRelease_SaysWhatIsWrong()
    {
        GatewayMigrationResult result = GatewayMigration.Run([new("release.yaml", Release.Replace("setWeight: 25", "setWeight: 250", StringComparison.Ordinal))], "gateway");

        Assert.Equal("spec.strategy.canary.steps[1].setWeight", Assert.Single(result.Problems).Path);
    }

    private static string Flow(string routing) => Release[..Release.IndexOf("      trafficRouting:", StringComparison.Ordinal)]
        + $"      trafficRouting: {routing}\n"
        + Release[Release.IndexOf("      # internal", StringComparison.Ordinal)..];
}
