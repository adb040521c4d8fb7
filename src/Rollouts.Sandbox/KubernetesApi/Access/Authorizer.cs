using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Access;

/// <summary>RBAC: what the roles bound to a user allow, read from the Role, ClusterRole and binding objects in the store.</summary>
internal sealed class Authorizer(ObjectStore store)
{
    /// <exception cref="ApiFailure">403 in the real server's words.</exception>
    public void Require(KubernetesUser user, ApiRequest request, string verb)
    {
        var attributes = new Attributes(verb, request);
        if (!user.Groups.Contains(Authenticator.Masters) && !Rules(user, request.Namespace).Any(attributes.IsAllowedBy))
        {
            var place = request.Namespace.Length > 0 ? $"in the namespace \"{request.Namespace}\"" : "at the cluster scope";
            throw ApiFailure.Forbidden(
                request.Kind,
                attributes.Name,
                $"User \"{user.Name}\" cannot {verb} resource \"{attributes.Resource}\" in API group \"{request.Kind.Group}\" {place}");
        }
    }

    /// <exception cref="ApiFailure">403 in the real server's words.</exception>
    public static void RequirePath(KubernetesUser user, string verb, string path)
    {
        var open = path is "/version" or "/healthz" or "/readyz" or "/livez";
        var discovery = path is "/api" or "/apis" || path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/apis/", StringComparison.Ordinal);
        if (!open && !user.Groups.Contains(Authenticator.Masters) && !(discovery && user.Groups.Contains("system:authenticated")))
        {
            throw ApiFailure.ForbiddenPath(user.Name, verb, path);
        }
    }

    private IEnumerable<JsonObject> Rules(KubernetesUser user, string ns)
    {
        var clusterWide = Bound(KubernetesKinds.ClusterRoleBinding, "", user);
        var local = ns.Length > 0 ? Bound(KubernetesKinds.RoleBinding, ns, user) : [];
        return clusterWide.Concat(local).SelectMany(role => role["rules"] as JsonArray ?? []).OfType<JsonObject>();
    }

    private IEnumerable<JsonObject> Bound(KubernetesKind bindingKind, string ns, KubernetesUser user)
    {
        foreach (var binding in store.List(bindingKind, ns).Objects)
        {
            var name = (string?)binding["roleRef"]?["name"] ?? "";
            if ((binding["subjects"] as JsonArray ?? []).Any(s => Means(s!, user)))
            {
                var role = (string?)binding["roleRef"]?["kind"] == KubernetesKinds.ClusterRole.Name
                    ? store.Find(KubernetesKinds.ClusterRole, "", name)
                    : store.Find(KubernetesKinds.Role, ns, name);
                if (role is not null)
                {
                    yield return role;
                }
            }
        }
    }

    private static bool Means(JsonNode subject, KubernetesUser user) => (string?)subject["kind"] switch
    {
        "User" => (string?)subject["name"] == user.Name,
        "Group" => user.Groups.Contains((string?)subject["name"] ?? ""),
        "ServiceAccount" => user.Name == $"system:serviceaccount:{subject["namespace"]}:{subject["name"]}",
        _ => false,
    };

    private sealed class Attributes(string verb, ApiRequest request)
    {
        private const string NameSelector = "metadata.name=";

        public string Resource { get; } = request.Subresource.Length == 0 ? request.Kind.Plural : $"{request.Kind.Plural}/{request.Subresource}";

        /// <summary>A list of one name counts as that name, so that rules with resource names allow it.</summary>
        public string Name { get; } = request.Name.Length > 0
            ? request.Name
            : request.Query["fieldSelector"].ToString() is var selector && selector.StartsWith(NameSelector, StringComparison.Ordinal) && !selector.Contains(',')
                ? selector[NameSelector.Length..].TrimStart('=')
                : "";

        public bool IsAllowedBy(JsonObject rule) =>
            Has(rule, "verbs", verb)
            && Has(rule, "apiGroups", request.Kind.Group)
            && (Has(rule, "resources", Resource) || (request.Subresource.Length > 0 && Has(rule, "resources", "*/" + request.Subresource)))
            && (rule["resourceNames"] is not JsonArray { Count: > 0 } || Has(rule, "resourceNames", Name));

        private static bool Has(JsonObject rule, string field, string wanted) =>
            (rule[field] as JsonArray ?? []).Any(v => (string?)v is { } text && (text == wanted || (text == "*" && field != "resourceNames")));
    }
}
