using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

internal sealed class NamespaceRules : IKindRules
{
    public void SetDefaults(JsonObject value, JsonObject? old)
    {
        value["spec"] ??= new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        value["status"] ??= new JsonObject { ["phase"] = "Active" };
    }

    public void Validate(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
    }
}
