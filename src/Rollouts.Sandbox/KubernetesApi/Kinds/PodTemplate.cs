using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Writing;

namespace Rollouts.Sandbox.KubernetesApi.Kinds;

/// <summary>What is the same for pods and for the templates of pods.</summary>
internal static class PodTemplate
{
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    public static void SetDefaults(JsonObject spec)
    {
        spec["restartPolicy"] ??= "Always";
        spec["terminationGracePeriodSeconds"] ??= 30L;
        spec["dnsPolicy"] ??= "ClusterFirst";
        spec["securityContext"] ??= new JsonObject();
        spec["schedulerName"] ??= "default-scheduler";
        foreach (var container in Containers(spec, "containers").Concat(Containers(spec, "initContainers")))
        {
            SetContainerDefaults(container);
        }

        foreach (var volume in (spec["volumes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (var source in (string[])["configMap", "secret"])
            {
                if (volume[source] is JsonObject files)
                {
                    files["defaultMode"] ??= 420L;
                }
            }
        }
    }

    public static void Validate(JsonObject spec, string field, List<FieldError> errors)
    {
        var containers = Containers(spec, "containers").ToList();
        if (containers.Count == 0)
        {
            errors.Add(FieldError.Required(field + ".containers"));
        }

        foreach (var (index, container) in containers.Index())
        {
            var place = $"{field}.containers[{index}]";
            var name = (string?)container["name"] ?? "";
            if (name.Length == 0)
            {
                errors.Add(FieldError.Required(place + ".name"));
            }
            else if (Names.LabelProblem(name) is { } problem)
            {
                errors.Add(FieldError.Invalid(place + ".name", name, problem));
            }
            else if (containers.Take(index).Any(c => (string?)c["name"] == name))
            {
                errors.Add(FieldError.Duplicate(place + ".name", name));
            }

            if (string.IsNullOrEmpty((string?)container["image"]))
            {
                errors.Add(FieldError.Required(place + ".image"));
            }

            foreach (var (at, port) in (container["ports"] as JsonArray ?? []).Index())
            {
                if (((long?)port?["containerPort"] ?? 0) is < 1 or > 65535)
                {
                    errors.Add(FieldError.Invalid($"{place}.ports[{at}].containerPort", (long?)port?["containerPort"] ?? 0, "must be between 1 and 65535, inclusive"));
                }
            }
        }
    }

    public static IEnumerable<JsonObject> Containers(JsonObject spec, string field) => (spec[field] as JsonArray ?? []).OfType<JsonObject>();

    private static void SetContainerDefaults(JsonObject container)
    {
        container["resources"] ??= new JsonObject();
        container["terminationMessagePath"] ??= "/dev/termination-log";
        container["terminationMessagePolicy"] ??= "File";
        container["imagePullPolicy"] ??= IsLatest((string?)container["image"] ?? "") ? "Always" : "IfNotPresent";
        foreach (var port in (container["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            port["protocol"] ??= "TCP";
        }

        foreach (var probe in Probes.Select(p => container[p]).OfType<JsonObject>())
        {
            probe["timeoutSeconds"] ??= 1L;
            probe["periodSeconds"] ??= 10L;
            probe["successThreshold"] ??= 1L;
            probe["failureThreshold"] ??= 3L;
            if (probe["httpGet"] is JsonObject get)
            {
                get["path"] ??= "/";
                get["scheme"] ??= "HTTP";
            }
        }
    }

    private static bool IsLatest(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        return !name.Contains('@') && (!name.Contains(':') || name.EndsWith(":latest", StringComparison.Ordinal));
    }
}
