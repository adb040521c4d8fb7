using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Rollouts.Machine;

namespace RolloutFunctions.Orchestration;

/// <summary>Writes a domain type in its one JSON form, whatever the settings of the serializer that carries it.</summary>
internal sealed class RolloutJsonConverter<T> : JsonConverter<T>
{
    private static readonly JsonTypeInfo<T> Form = (JsonTypeInfo<T>)RolloutJson.Default.GetTypeInfo(typeof(T))!;

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize(ref reader, Form);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, Form);
}
