using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Rollouts.Sandbox.KubernetesApi.Schemas;

/// <summary>Schemas read from the model types of the Kubernetes client, so that the stand-in knows every field that the client can send.</summary>
internal static class ModelSchemas
{
    private static readonly ConcurrentDictionary<Type, StructSchema> Cache = new();

    private static readonly HashSet<(Type Owner, string Field)> MicroTimes =
    [
        (typeof(V1LeaseSpec), "acquireTime"), (typeof(V1LeaseSpec), "renewTime"),
        (typeof(Corev1Event), "eventTime"), (typeof(Corev1EventSeries), "lastObservedTime"),
    ];

    /// <summary>Structures that server-side apply owns as one piece (<c>x-kubernetes-map-type: atomic</c>).</summary>
    private static readonly HashSet<Type> AtomicTypes =
    [
        typeof(V1LabelSelector), typeof(V1LocalObjectReference), typeof(V1TypedLocalObjectReference), typeof(V1ObjectReference),
        typeof(V1SecretKeySelector), typeof(V1ConfigMapKeySelector), typeof(V1ObjectFieldSelector), typeof(V1ResourceFieldSelector),
        typeof(V1NodeSelector), typeof(V1NodeSelectorTerm), typeof(V1ServiceBackendPort),
    ];

    private static readonly HashSet<(Type Owner, string Field)> AtomicMaps =
    [
        (typeof(V1ServiceSpec), "selector"), (typeof(V1PodSpec), "nodeSelector"),
    ];

    public static StructSchema For(Type model)
    {
        if (Cache.TryGetValue(model, out var known))
        {
            return known;
        }

        var building = new Dictionary<Type, StructSchema>();
        var schema = Build(model, building);
        foreach (var (type, built) in building)
        {
            Cache.TryAdd(type, built);
        }

        return schema;
    }

    private static StructSchema Build(Type model, Dictionary<Type, StructSchema> building)
    {
        if (Cache.TryGetValue(model, out var known) || building.TryGetValue(model, out known))
        {
            return known;
        }

        var schema = new StructSchema(TypeName(model), AtomicTypes.Contains(model));
        building.Add(model, schema);
        foreach (var property in model.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name is { } name)
            {
                schema.Fields[name] = Field(model, name, property.PropertyType, building);
            }
        }

        return schema;
    }

    private static Schema Field(Type owner, string name, Type type, Dictionary<Type, StructSchema> building)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(DateTime))
        {
            return new ScalarSchema(MicroTimes.Contains((owner, name)) ? ScalarType.MicroTime : ScalarType.Time);
        }

        if (type.IsGenericType)
        {
            var arguments = type.GetGenericArguments();
            var element = Field(owner, name + "[]", arguments[^1], building);
            return arguments.Length == 2
                ? new MapSchema(element, AtomicMaps.Contains((owner, name)))
                : new ListSchema(element, ListRules.For(owner, name));
        }

        return type switch
        {
            _ when type == typeof(string) => new ScalarSchema(ScalarType.String),
            _ when type == typeof(bool) => new ScalarSchema(ScalarType.Boolean),
            _ when type == typeof(int) || type == typeof(long) => new ScalarSchema(ScalarType.Integer),
            _ when type == typeof(double) => new ScalarSchema(ScalarType.Number),
            _ when type == typeof(byte[]) => new ScalarSchema(ScalarType.Bytes),
            _ when type.Name.EndsWith("IntOrString", StringComparison.Ordinal) => new ScalarSchema(ScalarType.IntOrString),
            _ when type == typeof(ResourceQuantity) => new ScalarSchema(ScalarType.Quantity),
            _ when type.Namespace == typeof(V1Pod).Namespace && type.IsClass => Build(type, building),
            _ => Schema.Any,
        };
    }

    // V1ObjectMeta is ObjectMeta in the API's own messages.
    private static string TypeName(Type model)
    {
        var name = model.Name;
        var start = name.StartsWith('V') && name.Length > 1 && char.IsAsciiDigit(name[1]) ? 2 : 0;
        return name[start..];
    }
}
