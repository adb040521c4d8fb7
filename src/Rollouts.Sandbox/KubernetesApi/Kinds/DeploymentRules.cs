using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>The rules of Deployments. Nobody makes pods of them.</summary>
internal sealed class DeploymentRules : IKindRules
{
    public void SetDefaults(JsonObject value, JsonObject? old)
    {
        var spec = Child(value, "spec");
        spec["replicas"] ??= 1L;
        spec["revisionHistoryLimit"] ??= 10L;
        spec["progressDeadlineSeconds"] ??= 600L;
        var strategy = Child(spec, "strategy");
        strategy["type"] ??= "RollingUpdate";
        if ((string?)strategy["type"] == "RollingUpdate")
        {
            var rolling = Child(strategy, "rollingUpdate");
            rolling["maxUnavailable"] ??= "25%";
            rolling["maxSurge"] ??= "25%";
        }

        PodTemplate.SetDefaults(Child(Child(spec, "template"), "spec"));
        value["status"] ??= new JsonObject();
    }

    public void Validate(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        var spec = (JsonObject)value["spec"]!;
        if ((long)spec["replicas"]! < 0)
        {
            errors.Add(FieldError.Invalid("spec.replicas", spec["replicas"], "must be greater than or equal to 0"));
        }

        if (spec["selector"] is null)
        {
            errors.Add(FieldError.Required("spec.selector"));
        }

        if ((string?)spec["strategy"]!["type"] is not ("Recreate" or "RollingUpdate"))
        {
            errors.Add(FieldError.NotSupported("spec.strategy", spec["strategy"]!["type"], "Recreate", "RollingUpdate"));
        }

        ValidateTemplate(spec, errors);
        if (old?["spec"]?["selector"] is { } former && !JsonNode.DeepEquals(former, spec["selector"]))
        {
            errors.Add(FieldError.Invalid("spec.selector", spec["selector"], "field is immutable"));
        }
    }

    // Annotations count, because the deployment controller copies them to its replica sets.
    public bool BumpsGeneration(JsonObject value, JsonObject old) =>
        !JsonNode.DeepEquals(value.Metadata()["annotations"], old.Metadata()["annotations"]);

    private static void ValidateTemplate(JsonObject spec, List<FieldError> errors)
    {
        var labels = spec["template"]!["metadata"]?["labels"] as JsonObject ?? [];
        if (!Selects(spec["selector"] as JsonObject ?? [], labels))
        {
            errors.Add(FieldError.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"));
        }

        var template = (JsonObject)spec["template"]!["spec"]!;
        PodTemplate.Validate(template, "spec.template.spec", errors);
        if ((string?)template["restartPolicy"] != "Always")
        {
            errors.Add(FieldError.NotSupported("spec.template.spec.restartPolicy", template["restartPolicy"], "Always"));
        }
    }

    private static bool Selects(JsonObject selector, JsonObject labels)
    {
        var pairs = selector["matchLabels"] as JsonObject ?? [];
        var expressions = (selector["matchExpressions"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        return pairs.Count + expressions.Count > 0
            && pairs.All(p => JsonNode.DeepEquals(labels[p.Key], p.Value))
            && expressions.TrueForAll(e => Satisfies(e, (string?)labels[(string?)e["key"] ?? ""]));
    }

    private static bool Satisfies(JsonObject expression, string? label)
    {
        var isListed = (expression["values"] as JsonArray ?? []).Any(v => (string?)v == label && label is not null);
        return (string?)expression["operator"] switch
        {
            "In" => isListed,
            "NotIn" => !isListed,
            "Exists" => label is not null,
            "DoesNotExist" => label is null,
            _ => false,
        };
    }

    private static JsonObject Child(JsonObject value, string field)
    {
        var child = value[field] as JsonObject ?? [];
        value[field] ??= child;
        return child;
    }
}
