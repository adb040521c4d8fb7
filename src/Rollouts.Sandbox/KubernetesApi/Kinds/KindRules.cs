using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>The rules of each kind; a kind without any of its own takes objects as its schema has them.</summary>
internal static class KindRules
{
    private static readonly IKindRules None = new NoRules();

    private static readonly Dictionary<KubernetesKind, IKindRules> Rules = new()
    {
        [KubernetesKinds.Ingress] = new IngressRules(),
        [KubernetesKinds.Namespace] = new NamespaceRules(),
        [KubernetesKinds.Service] = new ServiceRules(),
        [KubernetesKinds.Pod] = new PodRules(),
        [KubernetesKinds.Deployment] = new DeploymentRules(),
        [KubernetesKinds.ConfigMap] = new DataRules(isSecret: false),
        [KubernetesKinds.Secret] = new DataRules(isSecret: true),
        [KubernetesKinds.Lease] = new LeaseRules(),
        [KubernetesKinds.Role] = new RbacRules(),
        [KubernetesKinds.ClusterRole] = new RbacRules(),
        [KubernetesKinds.RoleBinding] = new RbacRules(),
        [KubernetesKinds.ClusterRoleBinding] = new RbacRules(),
    };

    public static IKindRules For(KubernetesKind kind) => Rules.GetValueOrDefault(kind, None);

    private sealed class NoRules : IKindRules
    {
        public void SetDefaults(JsonObject value, JsonObject? old)
        {
        }

        public void Validate(JsonObject value, JsonObject? old, List<FieldError> errors)
        {
        }
    }
}
