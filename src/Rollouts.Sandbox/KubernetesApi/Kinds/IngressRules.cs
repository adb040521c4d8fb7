using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Writing;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>The rules of networking.k8s.io/v1 Ingress.</summary>
internal sealed class IngressRules : IKindRules
{
    private static readonly string[] PathTypes = ["Exact", "ImplementationSpecific", "Prefix"];

    public void SetDefaults(JsonObject value, JsonObject? old) => value["status"] ??= new JsonObject { ["loadBalancer"] = new JsonObject() };

    public void Validate(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        var spec = value["spec"] as JsonObject ?? [];
        var rules = spec["rules"] as JsonArray ?? [];
        if (spec["defaultBackend"] is null && rules.Count == 0)
        {
            errors.Add(FieldError.Invalid("spec", null, "either `defaultBackend` or `rules` must be specified"));
        }

        if (spec["defaultBackend"] is JsonObject backend)
        {
            IngressBackendRules.Validate(backend, "spec.defaultBackend", errors);
        }

        foreach (var (index, rule) in rules.Index())
        {
            ValidateRule(rule as JsonObject ?? [], $"spec.rules[{index}]", errors);
        }

        if ((string?)spec["ingressClassName"] is { } className && Names.SubdomainProblem(className) is { } problem)
        {
            errors.Add(FieldError.Invalid("spec.ingressClassName", className, problem));
        }

        foreach (var (index, tls) in (spec["tls"] as JsonArray ?? []).Index())
        {
            foreach (var (host, name) in (tls?["hosts"] as JsonArray ?? []).Index())
            {
                ValidateHost((string?)name ?? "", $"spec.tls[{index}].hosts[{host}]", errors);
            }
        }
    }

    private static void ValidateRule(JsonObject rule, string field, List<FieldError> errors)
    {
        if ((string?)rule["host"] is { Length: > 0 } host)
        {
            ValidateHost(host, field + ".host", errors);
        }

        if (rule["http"] is not JsonObject http)
        {
            return;
        }

        var paths = http["paths"] as JsonArray ?? [];
        if (paths.Count == 0)
        {
            errors.Add(FieldError.Required(field + ".http.paths"));
        }

        foreach (var (index, path) in paths.Index())
        {
            ValidatePath(path as JsonObject ?? [], $"{field}.http.paths[{index}]", errors);
        }
    }

    private static void ValidateHost(string host, string field, List<FieldError> errors)
    {
        var wildcard = host.StartsWith("*.", StringComparison.Ordinal);
        if (!wildcard && System.Net.IPAddress.TryParse(host, out _))
        {
            errors.Add(FieldError.Invalid(field, host, "must be a DNS name, not an IP address"));
        }
        else if (Names.SubdomainProblem(wildcard ? host[2..] : host) is { } problem)
        {
            errors.Add(FieldError.Invalid(field, host, problem));
        }
    }

    private static void ValidatePath(JsonObject path, string field, List<FieldError> errors)
    {
        if ((string?)path["pathType"] is not { } type)
        {
            errors.Add(FieldError.Required(field + ".pathType", "pathType must be specified"));
            return;
        }

        if (!PathTypes.Contains(type))
        {
            errors.Add(FieldError.NotSupported(field + ".pathType", type, PathTypes));
        }
        else
        {
            ValidatePathText((string?)path["path"] ?? "", type, field + ".path", errors);
        }

        IngressBackendRules.Validate(path["backend"] as JsonObject ?? [], field + ".backend", errors);
    }

    private static void ValidatePathText(string path, string type, string field, List<FieldError> errors)
    {
        if (type == "ImplementationSpecific")
        {
            if (path.Length > 0 && path[0] != '/')
            {
                errors.Add(FieldError.Invalid(field, path, "must be an absolute path"));
            }

            return;
        }

        if (path.Length == 0 || path[0] != '/')
        {
            errors.Add(FieldError.Invalid(field, path, "must be an absolute path"));
            return;
        }

        foreach (var sequence in (string[])["//", "/./", "/../", "%2f", "%2F"])
        {
            if (path.Contains(sequence, StringComparison.Ordinal))
            {
                errors.Add(FieldError.Invalid(field, path, $"must not contain '{sequence}'"));
            }
        }

        foreach (var suffix in (string[])["/..", "/."])
        {
            if (path.EndsWith(suffix, StringComparison.Ordinal))
            {
                errors.Add(FieldError.Invalid(field, path, $"cannot end with '{suffix}'"));
            }
        }
    }
}
