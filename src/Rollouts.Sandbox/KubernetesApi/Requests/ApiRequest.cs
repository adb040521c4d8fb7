using Microsoft.AspNetCore.Http;

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

    /// <summary>Why it is answered with a failure once it is known that the caller may make it; null for a call that is served.</summary>
    public ApiFailure? NotServed { get; private init; }

    /// <summary>Reads method, path and query.</summary>
    /// <returns>Null when the path names no group and version that is served.</returns>
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

        var name = rest.Length > 1 ? rest[1] : "";
        var subresource = string.Join('/', rest.Skip(2));
        var known = kinds.Find(group, version, rest[0]);
        var kind = known ?? new KubernetesKind(group, version, rest[0], rest[0]) { Namespaced = ns.Length > 0 };
        var servesSubresource = subresource.Length == 0 || (subresource == "status" && kind.HasStatus);
        var servesPlace = ns.Length > 0 ? kind.Namespaced : !kind.Namespaced || name.Length == 0;

        // A namespace is named by its own path and is its own namespace to the authorizer.
        ns = kind == KubernetesKinds.Namespace ? name : ns;
        var (verb, isAllowed) = ReadVerb(http, name, subresource, ns.Length > 0 || !kind.Namespaced);
        return new(verb, kind, ns, name, subresource, http.Query, http.Headers.UserAgent.ToString())
        {
            DryRun = DryRuns.Read(verb, http.Query["dryRun"]),
            NotServed = known is null || !servesSubresource || !servesPlace ? ApiFailure.UnknownResource() : isAllowed ? null : ApiFailure.MethodNotAllowed(),
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

    private static (string Verb, bool IsAllowed) ReadVerb(HttpRequest http, string name, string subresource, bool isCollection)
    {
        var one = name.Length > 0;
        return http.Method switch
        {
            "GET" or "HEAD" when one => ("get", true),
            "GET" or "HEAD" => (http.Query["watch"].ToString() is "true" or "1" ? "watch" : "list", true),
            "POST" => ("create", !one && isCollection),
            "PUT" => ("update", one),
            "PATCH" => ("patch", one),
            "DELETE" when one => ("delete", subresource.Length == 0),
            "DELETE" => ("deletecollection", isCollection),
            var other => (other.ToLowerInvariant(), false),
        };
    }
}
