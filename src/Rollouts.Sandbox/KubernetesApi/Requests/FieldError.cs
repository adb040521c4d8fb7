using System.Text.Json.Nodes;

namespace Rollouts.Sandbox.KubernetesApi.Requests;

/// <summary>One thing that is wrong with an object: a cause of a 422.</summary>
internal sealed record FieldError(string Reason, string Field, string Message)
{
    public static FieldError Required(string field, string? why = null) =>
        new("FieldValueRequired", field, why is null ? "Required value" : $"Required value: {why}");

    public static FieldError Invalid(string field, JsonNode? value, string why) =>
        new("FieldValueInvalid", field, $"Invalid value: {Show(value)}: {why}");

    public static FieldError NotSupported(string field, JsonNode? value, params string[] supported) => new(
        "FieldValueNotSupported", field, $"Unsupported value: {Show(value)}: supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");

    public static FieldError Forbidden(string field, string why) => new("FieldValueForbidden", field, $"Forbidden: {why}");

    public static FieldError TooLong(string field, int limit) => new("FieldValueTooLong", field, $"Too long: must have at most {limit} bytes");

    public static FieldError Duplicate(string field, JsonNode? value) => new("FieldValueDuplicate", field, $"Duplicate value: {Show(value)}");

    private static string Show(JsonNode? value) => value?.ToJsonString(ApiJson.Relaxed) ?? "null";
}
