using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Rollouts.Sandbox.KubernetesApi.Requests;

/// <summary>One call, taken apart as the API server does: verb, resource, namespace, name, subresource.</summary>
internal sealed record ApiRequest(string Verb, KubernetesKind Kind, string Namespace, string Name, string Subresource, IQueryCollection Query, string UserAgent)
{
    public bool DryRun { get; private init; }

    /// <summary>Who the managed fields name: what the caller said, else the first word of its user agent.</summary>
    public string FieldManager => Query["fieldManager"].ToString() is { Length: > 0 } given ? given : UserAgent.Split('/')[0];

    /// <summary>The namespace that its objects are kept under: a namespace is in none, although the authorizer takes it to be in itself.</summary>
    public string StoredNamespace => Kind.Namespaced ? Namespace : "";

    public bool IsStatus => Subresource == "status";

    /// <summary>Reads method, path and query.</summary>
    /// <returns>Null when the path names no group and version that is served.</returns>
    /// <exception cref="ApiFailure">The group is served, but not this resource or method.</exception>
    public static ApiRequest? Read(HttpRequest http, KindTable kinds)
    {
        var parts = (http.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Locate(parts, kinds) is not var (group, version, rest) || rest.Length == 0)
        {
            return null;
        }

        var ns = "";
        if (rest is ["namespaces", _, _, ..] && !(group.Length == 0 && rest.Length == 3 && rest[2] is "status" or "finalize"))
        {
            ns = rest[1];
            rest = rest[2..];
        }

        var kind = kinds.Find(group, version, rest[0]) ?? throw ApiFailure.UnknownResource();
        var name = rest.Length > 1 ? rest[1] : "";
        var subresource = rest.Length > 2 ? rest[2] : "";
        var servesSubresource = subresource.Length == 0 || (subresource == "status" && kind.HasStatus);
        var servesPlace = ns.Length > 0 ? kind.Namespaced : !kind.Namespaced || name.Length == 0;
        if (rest.Length > 3 || !servesSubresource || !servesPlace)
        {
            throw ApiFailure.UnknownResource();
        }

        // A namespace is named by its own path and is its own namespace to the authorizer.
        if (kind == KubernetesKinds.Namespace)
        {
            ns = name;
        }

        return new(ReadVerb(http, name, subresource, ns, kind), kind, ns, name, subresource, http.Query, http.Headers.UserAgent.ToString())
        {
            DryRun = IsDryRun(http.Query["dryRun"]),
        };
    }

    private static (string Group, string Version, string[] Segments)? Locate(string[] parts, KindTable kinds)
    {
        var (group, version, rest) = parts switch
        {
            ["api", var v, .. var tail] => ("", v, tail),
            ["apis", var g, var v, .. var tail] => (g, v, tail),
            _ => ("", "", []),
        };
        return version.Length > 0 && kinds.Serves(group, version) ? (group, version, rest) : null;
    }

    private static string ReadVerb(HttpRequest http, string name, string subresource, string ns, KubernetesKind kind)
    {
        var one = name.Length > 0;
        var creates = !one && (ns.Length > 0 || !kind.Namespaced);
        return http.Method switch
        {
            "GET" when one => "get",
            "GET" => http.Query["watch"].ToString() is "true" or "1" ? "watch" : "list",
            "POST" when creates => "create",
            "PUT" when one => "update",
            "PATCH" when one => "patch",
            "DELETE" when one && subresource.Length == 0 => "delete",
            "DELETE" when creates => "deletecollection",
            _ => throw ApiFailure.MethodNotAllowed(),
        };
    }

    private static bool IsDryRun(StringValues values)
    {
        if (values.FirstOrDefault(v => v != "All") is { } unknown)
        {
            throw ApiFailure.InvalidOptions("CreateOptions", FieldError.NotSupported("dryRun", unknown, "All"));
        }

        return values.Count > 0;
    }
}
