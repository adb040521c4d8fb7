using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Builds the ingress that stands beside a stable ingress and takes the canary's share, as Argo Rollouts builds it.</summary>
internal static class CanaryIngress
{
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string ManagedBy = "rolloutfunctions";
    public const string RolloutAnnotation = "rolloutfunctions/rollout";

    private const string ClassAnnotation = "kubernetes.io/ingress.class";
    private const string Suffix = "-canary";
    private const int LongestName = 253;

    /// <summary><c>rollout-stableIngress-canary</c>, its beginning cut so that the whole fits 253 characters.</summary>
    public static string NameFor(string rollout, string stableIngress)
    {
        string prefix = $"{rollout}-{stableIngress}";
        int room = LongestName - Suffix.Length;
        return (prefix.Length > room ? prefix[..room] : prefix) + Suffix;
    }

    /// <summary>
    /// The canary ingress at rest (weight 0, no owner). Of the stable ingress it has TLS, class and the rules with a path to the stable service;
    /// these rules whole, with the canary service in place of the stable one.
    /// </summary>
    /// <exception cref="PortException">Kind Invalid: no rule of the ingress leads to the stable service.</exception>
    public static JsonObject Build(TrafficTarget target, NginxRouting routing, JsonObject stable)
    {
        JsonObject spec = stable.Copy().Part("spec");
        JsonObject[] rules = [.. JsonShape.Objects(spec["rules"]).Where(r => BackendsTo(target.StableService, r).Any())];
        if (rules.Length == 0)
        {
            string hint = (string?)spec["defaultBackend"]?["service"]?["name"] == target.StableService
                ? " (its default backend does not count: a canary takes rules only)"
                : "";
            throw new PortException(
                FailureKind.Invalid,
                $"ingress `{stable.Name()}` in namespace {target.Namespace} has no rules using service {target.StableService} backend{hint}");
        }

        foreach (JsonObject backend in rules.SelectMany(r => BackendsTo(target.StableService, r)).ToList())
        {
            backend["name"] = target.CanaryService;
        }

        JsonObject canary = new() { ["apiVersion"] = "networking.k8s.io/v1", ["kind"] = "Ingress" };
        canary.Part("metadata")["name"] = NameFor(target.RolloutName, stable.Name());
        canary.Part("metadata")["namespace"] = target.Namespace;
        canary.Labels()[ManagedByLabel] = ManagedBy;
        canary.Annotations()[RolloutAnnotation] = target.RolloutName;
        new CanaryAnnotations(routing).Write(canary, TrafficSplit.None);
        Copy(stable.Annotations(), canary.Annotations(), ClassAnnotation);
        Copy(spec, canary.Part("spec"), "ingressClassName");
        canary.Part("spec")["rules"] = new JsonArray([.. rules.Select(r => r.DeepClone())]);
        if (spec["tls"] is JsonArray { Count: > 0 })
        {
            Copy(spec, canary.Part("spec"), "tls");
        }

        return canary;
    }

    /// <summary>The live canary ingress with the split, and with what the stable ingress has by now.</summary>
    /// <param name="live">As read; left as it is.</param>
    /// <param name="built">Of <see cref="Build"/>; null leaves rules, TLS and class alone.</param>
    /// <param name="routing">How the controller is set up.</param>
    /// <param name="split">Who gets the canary.</param>
    public static JsonObject Update(JsonObject live, JsonObject? built, NginxRouting routing, TrafficSplit split)
    {
        JsonObject updated = live.Copy();
        new CanaryAnnotations(routing).Write(updated, split);
        if (built is null)
        {
            return updated;
        }

        Copy(built.Annotations(), updated.Annotations(), ClassAnnotation);
        foreach (string field in (string[])["ingressClassName", "rules", "tls"])
        {
            Copy(built.Part("spec"), updated.Part("spec"), field);
        }

        return updated;
    }

    /// <summary>Makes a field of one object that of another, or removes it.</summary>
    private static void Copy(JsonObject from, JsonObject to, string field)
    {
        if (from[field] is { } value)
        {
            to[field] = value.DeepClone();
        }
        else
        {
            _ = to.Remove(field);
        }
    }

    private static IEnumerable<JsonObject> BackendsTo(string service, JsonObject rule) => JsonShape.Objects(rule["http"]?["paths"])
        .Select(p => p["backend"]?["service"])
        .OfType<JsonObject>()
        .Where(s => (string?)s["name"] == service);
}
