using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic.Benches;

namespace Rollouts.Kubernetes.Tests.Traffic;

// The contract suite for each router: on the stand-in of the sandbox, and on the real server.

/// <summary>The contract with ingress-nginx, on the stand-in.</summary>
public sealed class SandboxIngressNginxRouterTests(SandboxCluster cluster) : RouterContract(cluster, new IngressNginxBench());

/// <summary>The contract with ingress-nginx, on the real server.</summary>
public sealed class RealIngressNginxRouterTests(RealCluster cluster) : RouterContract(cluster, new IngressNginxBench());

/// <summary>The contract with HTTPRoutes, on the stand-in.</summary>
public sealed class SandboxGatewayApiRouterTests(SandboxCluster cluster) : RouterContract(cluster, new GatewayApiBench());

/// <summary>The contract with HTTPRoutes, on the real server.</summary>
public sealed class RealGatewayApiRouterTests(RealCluster cluster) : RouterContract(cluster, new GatewayApiBench());

/// <summary>The contract with GRPCRoutes, on the stand-in.</summary>
public sealed class SandboxGrpcRouteRouterTests(SandboxCluster cluster) : RouterContract(cluster, new GrpcRouteBench());

/// <summary>The contract with GRPCRoutes, on the real server.</summary>
public sealed class RealGrpcRouteRouterTests(RealCluster cluster) : RouterContract(cluster, new GrpcRouteBench());

/// <summary>The contract with Istio, by host, on the stand-in.</summary>
public sealed class SandboxIstioRouterTests(SandboxCluster cluster) : RouterContract(cluster, new IstioBench());

/// <summary>The contract with Istio, by host, on the real server.</summary>
public sealed class RealIstioRouterTests(RealCluster cluster) : RouterContract(cluster, new IstioBench());

/// <summary>The contract with Istio, by subset, on the stand-in.</summary>
public sealed class SandboxIstioSubsetRouterTests(SandboxCluster cluster) : RouterContract(cluster, new IstioSubsetBench());

/// <summary>The contract with Istio, by subset, on the real server.</summary>
public sealed class RealIstioSubsetRouterTests(RealCluster cluster) : RouterContract(cluster, new IstioSubsetBench());

/// <summary>The contract with Traefik, on the stand-in.</summary>
public sealed class SandboxTraefikRouterTests(SandboxCluster cluster) : RouterContract(cluster, new TraefikBench());

/// <summary>The contract with Traefik, on the real server.</summary>
public sealed class RealTraefikRouterTests(RealCluster cluster) : RouterContract(cluster, new TraefikBench());

/// <summary>The contract with the AWS load balancer controller, on the stand-in.</summary>
public sealed class SandboxAlbRouterTests(SandboxCluster cluster) : RouterContract(cluster, new AlbBench());

/// <summary>The contract with the AWS load balancer controller, on the real server.</summary>
public sealed class RealAlbRouterTests(RealCluster cluster) : RouterContract(cluster, new AlbBench());

/// <summary>The contract with two routers at once, on the stand-in.</summary>
public sealed class SandboxSeveralRoutersRouterTests(SandboxCluster cluster) : RouterContract(cluster, new SeveralRoutersBench());

/// <summary>The contract with two routers at once, on the real server.</summary>
public sealed class RealSeveralRoutersRouterTests(RealCluster cluster) : RouterContract(cluster, new SeveralRoutersBench());
