using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

internal sealed class LeaseRules : IKindRules
{
    public void SetDefaults(JsonObject value, JsonObject? old) => value["spec"] ??= new JsonObject();

    public void Validate(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        if ((long?)value["spec"]!["leaseDurationSeconds"] <= 0)
        {
            errors.Add(FieldError.Invalid("spec.leaseDurationSeconds", value["spec"]!["leaseDurationSeconds"], "must be greater than 0"));
        }

        if ((long?)value["spec"]!["leaseTransitions"] < 0)
        {
            errors.Add(FieldError.Invalid("spec.leaseTransitions", value["spec"]!["leaseTransitions"], "must be greater than or equal to 0"));
        }
    }
}
