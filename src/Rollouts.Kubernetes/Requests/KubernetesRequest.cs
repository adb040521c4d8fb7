namespace Rollouts.Kubernetes.Requests;

/// <summary>What is asked of an API server, as its access rules and its messages put it.</summary>
/// <param name="Verb">As in an RBAC rule, for instance <c>patch</c>.</param>
/// <param name="Resource">The kind of object.</param>
/// <param name="Namespace">Where.</param>
/// <param name="Name">Which one.</param>
internal sealed record KubernetesRequest(string Verb, KubernetesResource Resource, string Namespace, string Name)
{
    /// <summary>The right that this request needs, for instance <c>patch on ingresses.networking.k8s.io in namespace shop</c>.</summary>
    public string Right => $"{Verb} on {Resource.Plural} in namespace {Namespace}";

    /// <summary>The object, for instance <c>ingress `web` in namespace shop</c>.</summary>
    public string Subject => $"{Resource.Kind} `{Name}` in namespace {Namespace}";
}

/// <summary>A kind of object.</summary>
/// <param name="Kind">For a person.</param>
/// <param name="Plural">As in an RBAC rule, with its group.</param>
internal sealed record KubernetesResource(string Kind, string Plural)
{
    public static KubernetesResource Ingress { get; } = new("ingress", "ingresses.networking.k8s.io");

    public static KubernetesResource Service { get; } = new("service", "services");

    public static KubernetesResource ConfigMap { get; } = new("ConfigMap", "configmaps");

    public static KubernetesResource Secret { get; } = new("Secret", "secrets");

    public static KubernetesResource Pod { get; } = new("pod", "pods");

    public static KubernetesResource Deployment { get; } = new("deployment", "deployments.apps");

    public static KubernetesResource ReplicaSet { get; } = new("replica set", "replicasets.apps");

    public static KubernetesResource Autoscaler { get; } = new("horizontal pod autoscaler", "horizontalpodautoscalers.autoscaling");

    public static KubernetesResource DisruptionBudget { get; } = new("pod disruption budget", "poddisruptionbudgets.policy");

    /// <summary>KEDA's.</summary>
    public static KubernetesResource ScaledObject { get; } = new("scaled object", "scaledobjects.keda.sh") { Version = "v1alpha1" };

    public static KubernetesResource HttpRoute { get; } = new("HTTPRoute", "httproutes.gateway.networking.k8s.io");

    public static KubernetesResource GrpcRoute { get; } = new("GRPCRoute", "grpcroutes.gateway.networking.k8s.io");

    /// <summary>In the version that every release of Istio since 1.5 serves.</summary>
    public static KubernetesResource VirtualService { get; } = new("VirtualService", "virtualservices.networking.istio.io") { Version = "v1beta1" };

    /// <summary>In the same version.</summary>
    public static KubernetesResource DestinationRule { get; } = new("DestinationRule", "destinationrules.networking.istio.io") { Version = "v1beta1" };

    public static KubernetesResource TraefikService { get; } = new("TraefikService", "traefikservices.traefik.io") { Version = "v1alpha1" };

    /// <summary>The version of the API that it is asked of. Default <c>v1</c>.</summary>
    public string Version { get; init; } = "v1";

    /// <summary>Its API group; empty is the core group.</summary>
    public string Group => Plural.Contains('.') ? Plural[(Plural.IndexOf('.') + 1)..] : "";

    /// <summary>The plural without its group, as in a path.</summary>
    public string Path => Plural.Split('.')[0];
}
