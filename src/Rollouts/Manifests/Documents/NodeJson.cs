using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rollouts.Manifests.Documents;

/// <summary>Writes a value of a manifest as JSON, with the types that Kubernetes would give it.</summary>
internal static class NodeJson
{
    public static string Write(ManifestNode node)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, node);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, ManifestNode node)
    {
        switch (node)
        {
            case MappingNode mapping:
                json.WriteStartObject();
                foreach (MappingEntry entry in mapping.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(json, entry.Value);
                }

                json.WriteEndObject();
                break;
            case SequenceNode sequence:
                json.WriteStartArray();
                foreach (ManifestNode item in sequence.Items)
                    Write(json, item);
                json.WriteEndArray();
                break;
            case ScalarNode scalar:
                Write(json, scalar);
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, ScalarNode scalar)
    {
        if (scalar.Kind == ScalarKind.Null)
            json.WriteNullValue();
        else if (scalar.Kind == ScalarKind.Boolean && PlainScalar.TryBoolean(scalar.Text, out bool flag))
            json.WriteBooleanValue(flag);
        else if (scalar.Kind is ScalarKind.Integer or ScalarKind.Float && PlainScalar.TryWhole(scalar.Text, out long whole))
            json.WriteNumberValue(whole);
        else if (scalar.Kind is ScalarKind.Integer or ScalarKind.Float
            && double.TryParse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(scalar.Text);
    }
}
