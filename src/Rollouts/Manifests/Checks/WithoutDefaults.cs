using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rollouts.Machine;

namespace Rollouts.Manifests.Checks;

/// <summary>
/// The JSON of stored records with every member left out that has the value which a record has when nothing is said, and with members ordered by name,
/// so that where a member is declared does not matter either.
/// </summary>
internal static class WithoutDefaults
{
    public static JsonSerializerOptions Options { get; } = new(RolloutJson.Default.Options)
    {
        TypeInfoResolver = RolloutJson.Default.WithAddedModifier(LeaveOut),
    };

    private static void LeaveOut(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.IsAbstract)
            return;
        object untouched = Untouched(type.Type);
        JsonPropertyInfo[] members = [.. type.Properties.OrderBy(p => p.Name, StringComparer.Ordinal)];
        for (int i = 0; i < members.Length; i++)
        {
            JsonPropertyInfo member = members[i];
            member.Order = i;
            if (member.Get is not { } get)
                continue;
            object? byDefault = get(untouched);
            member.ShouldSerialize = (_, value) => !AreSame(value, byDefault, member.PropertyType);
        }
    }

    // What a positional member is when nothing is said stands in its constructor; one without such a value has to be given, and null is none.
    private static object Untouched(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().OrderBy(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => p.HasDefaultValue ? p.DefaultValue : ValueOf(p.ParameterType))]);
    }

    private static object? ValueOf(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private static bool AreSame(object? value, object? byDefault, Type type) => (value, byDefault) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (string or ValueType, _) => value.Equals(byDefault),
        (ICollection { Count: 0 }, ICollection { Count: 0 }) => true,
        _ => JsonSerializer.Serialize(value, Options.GetTypeInfo(type)) == JsonSerializer.Serialize(byDefault, Options.GetTypeInfo(type)),
    };
}
