using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>
/// Carries a team's PodDisruptionBudgets over to canary pods that its selectors miss, which are those beside a stable Deployment that the team made itself
/// (see <see cref="PodRoles"/>). A budget of the canary belongs to its Deployment and goes with it.
/// </summary>
/// <param name="budgets"><c>policy/v1</c>.</param>
/// <param name="before">The same of clusters before 1.21.</param>
internal sealed class DisruptionBudgets(JsonObjects budgets, JsonObjects before)
{
    public async Task CarryOverAsync(JsonObject stable, JsonObject canary, CancellationToken cancellationToken)
    {
        JsonObjects served = budgets;
        IReadOnlyList<JsonObject>? all = await budgets.ListAsync(canary.Namespace(), null, cancellationToken).ConfigureAwait(false);
        if (all is null)
        {
            served = before;
            all = await before.ListAsync(canary.Namespace(), null, cancellationToken).ConfigureAwait(false) ?? [];
        }

        foreach (JsonObject budget in all.Where(b => Selects(b, stable) && !Selects(b, canary)))
        {
            JsonObject carried = For(budget, canary);
            if (all.All(b => b.Name() != carried.Name()))
            {
                _ = await served.TryCreateAsync(carried, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool Selects(JsonObject budget, JsonObject deployment) =>
        budget["spec"]?["selector"] is JsonObject selector && LabelSelectors.Selects(selector, PodTemplates.LabelsOf(PodTemplates.Of(deployment)));

    private static JsonObject For(JsonObject budget, JsonObject canary)
    {
        JsonObject spec = new() { ["selector"] = canary["spec"]?["selector"]?.DeepClone() };
        JsonNode? least = budget["spec"]?["minAvailable"];
        if (JsonObjectFields.Text(least) is { } share)
        {
            spec["minAvailable"] = share;
        }
        else
        {
            // So many pods as the stable version keeps, a small canary does not have: a node could never be drained.
            spec["maxUnavailable"] = budget["spec"]?["maxUnavailable"]?.DeepClone() ?? 1;
        }

        return new JsonObject
        {
            ["apiVersion"] = budget["apiVersion"]?.DeepClone(),
            ["kind"] = "PodDisruptionBudget",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{budget.Name()}-canary",
                ["namespace"] = canary.Namespace(),
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "apps/v1",
                    ["kind"] = "Deployment",
                    ["name"] = canary.Name(),
                    ["uid"] = canary.Uid(),
                }),
            },
            ["spec"] = spec,
        };
    }
}
