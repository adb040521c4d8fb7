using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>The rules of Services, with addresses from 10.96.0.0/16 and node ports from 30000 on.</summary>
internal sealed class ServiceRules : IKindRules
{
    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    private int lastAddress;
    private int lastPort;

    public void SetDefaults(JsonObject value, JsonObject? old)
    {
        var spec = value["spec"] as JsonObject ?? [];
        value["spec"] ??= spec;
        spec["type"] ??= "ClusterIP";
        spec["sessionAffinity"] ??= "None";
        value["status"] ??= new JsonObject { ["loadBalancer"] = new JsonObject() };
        SetAddress(spec, old?["spec"] as JsonObject);
        foreach (var port in Ports(spec))
        {
            port["protocol"] ??= "TCP";
            port["targetPort"] ??= port["port"]?.DeepClone();
            if (Type(spec) is "NodePort" or "LoadBalancer")
            {
                port["nodePort"] ??= 30_000L + (Interlocked.Increment(ref lastPort) % 2768);
            }
        }
    }

    public void Validate(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        var spec = (JsonObject)value["spec"]!;
        var ports = Ports(spec).ToList();
        if (ports.Count == 0 && Type(spec) != "ExternalName" && (string?)spec["clusterIP"] != "None")
        {
            errors.Add(FieldError.Required("spec.ports"));
        }

        foreach (var (index, port) in ports.Index())
        {
            ValidatePort(port, ports, index, errors);
        }

        if (!Types.Contains(Type(spec)))
        {
            errors.Add(FieldError.NotSupported("spec.type", Type(spec), Types));
        }

        if (Type(spec) == "ExternalName" && spec["externalName"] is null)
        {
            errors.Add(FieldError.Required("spec.externalName"));
        }

        if (old?["spec"]?["clusterIP"] is { } former && Type(spec) != "ExternalName" && !JsonNode.DeepEquals(former, spec["clusterIP"]))
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", spec["clusterIP"], "may not change once set"));
        }
    }

    private static void ValidatePort(JsonObject port, List<JsonObject> ports, int index, List<FieldError> errors)
    {
        var field = $"spec.ports[{index}]";
        var name = (string?)port["name"] ?? "";
        if (name.Length == 0 && ports.Count > 1)
        {
            errors.Add(FieldError.Required(field + ".name"));
        }
        else if (name.Length > 0 && ports.Take(index).Any(p => (string?)p["name"] == name))
        {
            errors.Add(FieldError.Duplicate(field + ".name", name));
        }

        foreach (var number in (string[])["port", "targetPort"])
        {
            if (port[number]?.GetValueKind() != System.Text.Json.JsonValueKind.String && ((long?)port[number] ?? 0) is < 1 or > 65535)
            {
                errors.Add(FieldError.Invalid($"{field}.{number}", (long?)port[number] ?? 0, "must be between 1 and 65535, inclusive"));
            }
        }

        if (!Protocols.Contains((string?)port["protocol"]))
        {
            errors.Add(FieldError.NotSupported(field + ".protocol", (string?)port["protocol"], Protocols));
        }
    }

    // An update that leaves the address out keeps it.
    private void SetAddress(JsonObject spec, JsonObject? old)
    {
        if (Type(spec) == "ExternalName")
        {
            return;
        }

        if ((string?)spec["clusterIP"] is null or "")
        {
            var next = 1 + (Interlocked.Increment(ref lastAddress) % 65_000);
            spec["clusterIP"] = (string?)old?["clusterIP"] ?? $"10.96.{next / 256}.{next % 256}";
        }

        spec["clusterIPs"] ??= new JsonArray((string)spec["clusterIP"]!);
    }

    private static string Type(JsonObject spec) => (string?)spec["type"] ?? "";

    private static IEnumerable<JsonObject> Ports(JsonObject spec) => (spec["ports"] as JsonArray ?? []).OfType<JsonObject>();
}
