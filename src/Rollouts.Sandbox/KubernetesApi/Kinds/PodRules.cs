using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>The rules of Pods. Nobody schedules or runs them, so they are deleted at once, whatever their grace period.</summary>
internal sealed class PodRules : IKindRules
{
    public void SetDefaults(JsonObject value, JsonObject? old)
    {
        var spec = value["spec"] as JsonObject ?? [];
        value["spec"] ??= spec;
        PodTemplate.SetDefaults(spec);
        spec["enableServiceLinks"] ??= true;
        value["status"] ??= new JsonObject { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };
    }

    public void Validate(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        var spec = (JsonObject)value["spec"]!;
        PodTemplate.Validate(spec, "spec", errors);
        if (old?["spec"] is JsonObject former && !JsonNode.DeepEquals(Fixed(spec), Fixed(former)))
        {
            errors.Add(FieldError.Forbidden(
                "spec",
                "pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)"));
        }
    }

    private static JsonObject Fixed(JsonObject spec)
    {
        var copy = spec.Copy();
        copy.Remove("activeDeadlineSeconds");
        copy.Remove("tolerations");
        foreach (var container in PodTemplate.Containers(copy, "containers").Concat(PodTemplate.Containers(copy, "initContainers")))
        {
            container.Remove("image");
        }

        return copy;
    }
}
