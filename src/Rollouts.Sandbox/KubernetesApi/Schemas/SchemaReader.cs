using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rollouts.Sandbox.KubernetesApi.Schemas;

/// <summary>A value that does not have the declared type.</summary>
internal sealed class SchemaMismatchException(string path, string message) : Exception(message)
{
    /// <summary>The place, as server-side apply names it: <c>.metadata.annotations.x</c>.</summary>
    public string Path { get; } = path;
}

/// <summary>Reads JSON as the API server's decoder does: undeclared fields and nulls are dropped, a value of another type is refused.</summary>
internal static class SchemaReader
{
    /// <param name="value">What is read.</param>
    /// <param name="schema">What it is declared as.</param>
    /// <param name="isStrict">Whether an undeclared field is refused instead of dropped.</param>
    /// <exception cref="SchemaMismatchException">A value has another type than declared, or a field is refused.</exception>
    public static JsonObject Read(JsonObject value, Schema schema, bool isStrict = false) => (JsonObject?)Read(value, schema, isStrict, "") ?? [];

    private static JsonNode? Read(JsonNode? value, Schema schema, bool isStrict, string path) => value is null
        ? null
        : schema switch
        {
            StructSchema declared => ReadStruct(Object(value, path, declared.TypeName), declared, isStrict, path),
            MapSchema map => ReadMap(Object(value, path, "map"), map, isStrict, path),
            ListSchema list => ReadList(value as JsonArray ?? throw Mismatch(value, path, "array"), list, isStrict, path),
            ScalarSchema scalar => ReadScalar(value, scalar.Type, path),
            _ => value.DeepClone(),
        };

    private static JsonObject ReadStruct(JsonObject value, StructSchema schema, bool isStrict, string path)
    {
        var result = new JsonObject();
        foreach (var (name, child) in value)
        {
            if (!schema.Fields.TryGetValue(name, out var field))
            {
                result = isStrict ? throw new SchemaMismatchException($"{path}.{name}", "field not declared in schema") : result;
            }
            else if (Read(child, field, isStrict, $"{path}.{name}") is { } read)
            {
                result[name] = read;
            }
        }

        return result;
    }

    private static JsonObject? ReadMap(JsonObject value, MapSchema schema, bool isStrict, string path)
    {
        var result = new JsonObject();
        foreach (var (name, child) in value)
        {
            // A null entry of a map of strings is an empty string to the server's decoder.
            result[name] = Read(child, schema.Element, isStrict, $"{path}.{name}") ?? (schema.Element is ScalarSchema { Type: ScalarType.String } ? "" : null);
        }

        return result.Count == 0 ? null : result;
    }

    private static JsonArray? ReadList(JsonArray value, ListSchema schema, bool isStrict, string path)
    {
        var result = new JsonArray();
        foreach (var (index, child) in value.Index())
        {
            result.Add(Read(child, schema.Element, isStrict, $"{path}[{index}]"));
        }

        return result.Count == 0 ? null : result;
    }

    private static JsonNode ReadScalar(JsonNode value, ScalarType type, string path)
    {
        var kind = value.GetValueKind();
        switch (type)
        {
            case ScalarType.String when kind == JsonValueKind.String:
            case ScalarType.Boolean when kind is JsonValueKind.True or JsonValueKind.False:
            case ScalarType.Number when kind == JsonValueKind.Number:
            case ScalarType.Quantity when kind is JsonValueKind.String or JsonValueKind.Number:
            case ScalarType.IntOrString when kind == JsonValueKind.String:
                return value.DeepClone();
            case ScalarType.Integer or ScalarType.IntOrString when kind == JsonValueKind.Number:
                return long.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var number) ? number : throw Mismatch(value, path, "integer");
            case ScalarType.Time or ScalarType.MicroTime when kind == JsonValueKind.String:
                return DateTimeOffset.TryParse(value.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                    ? Timestamps.Format(time, type == ScalarType.MicroTime)
                    : throw Mismatch(value, path, "time");
            case ScalarType.Bytes when kind == JsonValueKind.String:
                var text = value.GetValue<string>();
                return Convert.TryFromBase64String(text, new byte[text.Length], out _) ? value.DeepClone() : throw Mismatch(value, path, "base64 bytes");
            default:
                throw Mismatch(value, path, type.ToString().ToLowerInvariant());
        }
    }

    private static JsonObject Object(JsonNode value, string path, string typeName) => value as JsonObject ?? throw Mismatch(value, path, typeName);

    private static SchemaMismatchException Mismatch(JsonNode value, string path, string expected) =>
        new(path, $"json: cannot unmarshal {Name(value)} into Go struct field {path.TrimStart('.')} of type {expected}");

    private static string Name(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
