using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>The rules of roles and their bindings. Whether the caller holds what it gives away is not checked.</summary>
internal sealed class RbacRules : IKindRules
{
    public void SetDefaults(JsonObject value, JsonObject? old)
    {
        if (value["roleRef"] is JsonObject role)
        {
            role["apiGroup"] ??= KubernetesKinds.Role.Group;
        }

        foreach (var subject in (value["subjects"] as JsonArray ?? []).OfType<JsonObject>().Where(s => (string?)s["kind"] is "User" or "Group"))
        {
            subject["apiGroup"] ??= KubernetesKinds.Role.Group;
        }
    }

    public void Validate(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        foreach (var (index, rule) in (value["rules"] as JsonArray ?? []).Index())
        {
            if (rule?["verbs"] is not JsonArray { Count: > 0 })
            {
                errors.Add(FieldError.Required($"rules[{index}].verbs", "verbs must contain at least one value"));
            }
        }

        if (old?["roleRef"] is { } former && !JsonNode.DeepEquals(former, value["roleRef"]))
        {
            errors.Add(FieldError.Invalid("roleRef", value["roleRef"], "cannot change roleRef"));
        }
    }
}
