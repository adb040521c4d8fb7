using System.Text.Json;
using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Schemas;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>Turns JSON into an object of a kind: the right apiVersion and kind first, declared fields only.</summary>
internal static class ObjectReader
{
    public static Schema SchemaOf(KubernetesKind kind) => kind.Model is { } model ? ModelSchemas.For(model) : Schema.Any;

    /// <summary>Reads a request body.</summary>
    public static JsonObject ReadBody(KubernetesKind kind, ReadOnlySpan<byte> body)
    {
        JsonNode? parsed;
        try
        {
            parsed = ApiJson.Parse(body);
        }
        catch (JsonException e)
        {
            throw Unrecognized(kind, e.Message);
        }

        var value = parsed as JsonObject ?? throw Unrecognized(kind, "it is no object");
        var (apiVersion, name) = (Text(value, "apiVersion"), Text(value, "kind"));
        if ((apiVersion.Length > 0 && apiVersion != kind.ApiVersion) || (name.Length > 0 && name != kind.Name))
        {
            throw ApiFailure.BadRequest($"{name} in version \"{apiVersion}\" cannot be handled as a {kind.Name}");
        }

        try
        {
            return Shape(kind, value);
        }
        catch (SchemaMismatchException e)
        {
            throw ApiFailure.BadRequest($"{kind.Name} in version \"{kind.Version}\" cannot be handled as a {kind.Name}: {e.Message}");
        }
    }

    /// <summary>Drops what the kind does not declare and puts the fields in the usual order.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="value">What was sent.</param>
    /// <param name="isStrict">Whether an undeclared field is refused instead of dropped.</param>
    /// <exception cref="SchemaMismatchException">A value has another type than declared, or a field is refused.</exception>
    public static JsonObject Shape(KubernetesKind kind, JsonObject value, bool isStrict = false)
    {
        // Metadata is declared for every kind, also for one that keeps every other field.
        var read = SchemaReader.Read(value, SchemaOf(kind), isStrict);
        if (kind.Model is null && read["metadata"] is { } given)
        {
            var metadata = given as JsonObject ?? throw new SchemaMismatchException(".metadata", "metadata must be an object");
            read["metadata"] = SchemaReader.Read(metadata, ModelSchemas.For(typeof(k8s.Models.V1ObjectMeta)), isStrict);
        }

        var result = new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Name };
        result["metadata"] = read.Metadata().DeepClone();
        foreach (var (name, child) in read)
        {
            if (name is not ("apiVersion" or "kind" or "metadata"))
            {
                result[name] = child?.DeepClone();
            }
        }

        return result;
    }

    private static string Text(JsonObject value, string field) =>
        value[field] is JsonValue text && text.TryGetValue<string>(out var read) ? read : "";

    private static ApiFailure Unrecognized(KubernetesKind kind, string why) =>
        ApiFailure.BadRequest($"the object provided is unrecognized (must be of type {kind.Name}): couldn't get version/kind; json parse error: {why}");
}
