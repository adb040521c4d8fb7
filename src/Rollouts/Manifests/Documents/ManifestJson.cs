using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rollouts.Manifests.Documents;

/// <summary>Writes values of a manifest as canonical JSON: keys in ordinal order, no white space, fields that are null left out, as Kubernetes takes them.</summary>
internal static class ManifestJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(ManifestNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, node);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, ManifestNode node)
    {
        switch (node)
        {
            case MappingNode mapping:
                json.WriteStartObject();
                foreach (MappingEntry entry in mapping.Entries.Where(e => !IsNull(e.Value)).OrderBy(e => e.Key, StringComparer.Ordinal))
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
            default:
                WriteScalar(json, (ScalarNode)node);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, ScalarNode scalar)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.Null:
                json.WriteNullValue();
                break;
            case ScalarKind.Boolean:
                PlainScalar.TryBoolean(scalar.Text, out bool flag);
                json.WriteBooleanValue(flag);
                break;
            case ScalarKind.Integer or ScalarKind.Float when PlainScalar.TryWhole(scalar.Text, out long whole):
                json.WriteNumberValue(whole);
                break;
            case ScalarKind.Integer or ScalarKind.Float
                when double.TryParse(scalar.Text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(scalar.Text);
                break;
        }
    }

    private static bool IsNull(ManifestNode node) => node is ScalarNode { Kind: ScalarKind.Null };
}
