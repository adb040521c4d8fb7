using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>The rules of ConfigMaps and Secrets.</summary>
internal sealed partial class DataRules(bool isSecret) : IKindRules
{
    public void SetDefaults(JsonObject value, JsonObject? old)
    {
        if (!isSecret)
        {
            return;
        }

        value["type"] ??= "Opaque";
        if (value["stringData"] is JsonObject texts)
        {
            value["data"] ??= new JsonObject();
            foreach (var (key, text) in texts)
            {
                value["data"]![key] = Convert.ToBase64String(Encoding.UTF8.GetBytes((string?)text ?? ""));
            }

            value.Remove("stringData");
        }
    }

    public void Validate(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        foreach (var key in (value["data"] as JsonObject ?? []).Select(d => d.Key).Where(k => !DataKey().IsMatch(k)))
        {
            errors.Add(FieldError.Invalid(
                $"data[{key}]", key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-.a-zA-Z0-9]+')"));
        }

        if (old is not null && (bool?)old["immutable"] == true)
        {
            foreach (var field in (string[])["immutable", "data", "binaryData"])
            {
                if (!JsonNode.DeepEquals(value[field], old[field]))
                {
                    errors.Add(FieldError.Forbidden(field, "field is immutable when `immutable` is set"));
                }
            }
        }
    }

    [GeneratedRegex("^[-.a-zA-Z0-9]{1,253}$")]
    private static partial Regex DataKey();
}
