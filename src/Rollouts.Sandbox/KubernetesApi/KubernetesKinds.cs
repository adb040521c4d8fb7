using k8s.Models;

namespace Rollouts.Sandbox.KubernetesApi;

/// <summary>The resource types that the stand-in serves without being told.</summary>
public static class KubernetesKinds
{
    /// <summary>Core group.</summary>
    public static readonly KubernetesKind Namespace = new("", "v1", "namespaces", "Namespace")
    {
        Model = typeof(V1Namespace),
        Namespaced = false,
        HasGeneration = false,
        UnconditionalUpdate = true,
        DeleteReturnsObject = true,
        ShortNames = ["ns"],
    };

    public static readonly KubernetesKind Service = new("", "v1", "services", "Service")
    {
        Model = typeof(V1Service),
        HasGeneration = false,
        UnconditionalUpdate = true,
        ShortNames = ["svc"],
    };

    public static readonly KubernetesKind ConfigMap = new("", "v1", "configmaps", "ConfigMap")
    {
        Model = typeof(V1ConfigMap),
        HasStatus = false,
        HasGeneration = false,
        UnconditionalUpdate = true,
        ShortNames = ["cm"],
    };

    public static readonly KubernetesKind Secret = new("", "v1", "secrets", "Secret")
    {
        Model = typeof(V1Secret),
        HasStatus = false,
        HasGeneration = false,
        UnconditionalUpdate = true,
    };

    public static readonly KubernetesKind Event = new("", "v1", "events", "Event")
    {
        Model = typeof(Corev1Event),
        HasStatus = false,
        HasGeneration = false,
        UnconditionalUpdate = true,
        CreateOnUpdate = true,
        ShortNames = ["ev"],
    };

    public static readonly KubernetesKind Pod = new("", "v1", "pods", "Pod")
    {
        Model = typeof(V1Pod),
        HasGeneration = false,
        UnconditionalUpdate = true,
        DeleteReturnsObject = true,
        ShortNames = ["po"],
    };

    public static readonly KubernetesKind ServiceAccount = new("", "v1", "serviceaccounts", "ServiceAccount")
    {
        Model = typeof(V1ServiceAccount),
        HasStatus = false,
        HasGeneration = false,
        UnconditionalUpdate = true,
        DeleteReturnsObject = true,
        ShortNames = ["sa"],
    };

    /// <summary><c>apps</c>.</summary>
    public static readonly KubernetesKind Deployment = new("apps", "v1", "deployments", "Deployment")
    {
        Model = typeof(V1Deployment),
        UnconditionalUpdate = true,
        ShortNames = ["deploy"],
    };

    public static readonly KubernetesKind ReplicaSet = new("apps", "v1", "replicasets", "ReplicaSet")
    {
        Model = typeof(V1ReplicaSet),
        UnconditionalUpdate = true,
        ShortNames = ["rs"],
    };

    /// <summary><c>networking.k8s.io</c>.</summary>
    public static readonly KubernetesKind Ingress = new("networking.k8s.io", "v1", "ingresses", "Ingress")
    {
        Model = typeof(V1Ingress),
        UnconditionalUpdate = true,
        ShortNames = ["ing"],
    };

    public static readonly KubernetesKind IngressClass = new("networking.k8s.io", "v1", "ingressclasses", "IngressClass")
    {
        Model = typeof(V1IngressClass),
        Namespaced = false,
        HasStatus = false,
        UnconditionalUpdate = true,
    };

    /// <summary><c>coordination.k8s.io</c>.</summary>
    public static readonly KubernetesKind Lease = new("coordination.k8s.io", "v1", "leases", "Lease")
    {
        Model = typeof(V1Lease),
        HasStatus = false,
        HasGeneration = false,
        CreateOnUpdate = true,
    };

    /// <summary><c>rbac.authorization.k8s.io</c>: these decide what a token of <see cref="KubernetesApiOptions.Tokens"/> may do.</summary>
    public static readonly KubernetesKind Role = Rbac("roles", "Role", typeof(V1Role), namespaced: true);

    public static readonly KubernetesKind RoleBinding = Rbac("rolebindings", "RoleBinding", typeof(V1RoleBinding), namespaced: true);

    public static readonly KubernetesKind ClusterRole = Rbac("clusterroles", "ClusterRole", typeof(V1ClusterRole), namespaced: false);

    public static readonly KubernetesKind ClusterRoleBinding = Rbac("clusterrolebindings", "ClusterRoleBinding", typeof(V1ClusterRoleBinding), namespaced: false);

    /// <summary>All of the above.</summary>
    public static IReadOnlyList<KubernetesKind> BuiltIn { get; } =
    [
        Namespace, Service, ConfigMap, Secret, Event, Pod, ServiceAccount, Deployment, ReplicaSet, Ingress, IngressClass, Lease,
        Role, RoleBinding, ClusterRole, ClusterRoleBinding,
    ];

    private static KubernetesKind Rbac(string plural, string name, Type model, bool namespaced) => new("rbac.authorization.k8s.io", "v1", plural, name)
    {
        Model = model,
        Namespaced = namespaced,
        HasStatus = false,
        HasGeneration = false,
        UnconditionalUpdate = true,
    };
}
