using k8s.Models;
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
    public static V1Ingress Build(TrafficTarget target, V1Ingress stable)
    {
        V1IngressSpec spec = IngressObjects.Copy(stable).Spec ?? new V1IngressSpec();
        List<V1IngressRule> rules = [.. (spec.Rules ?? []).Where(r => PathsTo(target.StableService, r).Any())];
        if (rules.Count == 0)
        {
            string hint = spec.DefaultBackend?.Service?.Name == target.StableService ? " (its default backend does not count: a canary takes rules only)" : "";
            throw new PortException(
                FailureKind.Invalid,
                $"ingress `{stable.Metadata.Name}` in namespace {target.Namespace} has no rules using service {target.StableService} backend{hint}");
        }

        foreach (V1HTTPIngressPath path in rules.SelectMany(r => PathsTo(target.StableService, r)).ToList())
        {
            path.Backend.Service.Name = target.CanaryService;
        }

        Dictionary<string, string> annotations = new CanaryAnnotations(target.Nginx!).For([], TrafficSplit.None);
        annotations[RolloutAnnotation] = target.RolloutName;
        if (ClassOf(stable) is { } ingressClass)
        {
            annotations[ClassAnnotation] = ingressClass;
        }

        return new V1Ingress
        {
            ApiVersion = V1Ingress.KubeGroup + "/" + V1Ingress.KubeApiVersion,
            Kind = V1Ingress.KubeKind,
            Metadata = new V1ObjectMeta
            {
                Name = NameFor(target.RolloutName, stable.Metadata.Name),
                NamespaceProperty = target.Namespace,
                Labels = new Dictionary<string, string> { [ManagedByLabel] = ManagedBy },
                Annotations = annotations,
            },
            Spec = new V1IngressSpec { IngressClassName = spec.IngressClassName, Rules = rules, Tls = spec.Tls is { Count: > 0 } ? spec.Tls : null },
        };
    }

    /// <summary>The live canary ingress with the split, and with what the stable ingress has by now.</summary>
    /// <param name="live">As read; left as it is.</param>
    /// <param name="built">Of <see cref="Build"/>; null leaves rules, TLS and class alone.</param>
    /// <param name="routing">How the controller is set up.</param>
    /// <param name="split">Who gets the canary.</param>
    public static V1Ingress Update(V1Ingress live, V1Ingress? built, NginxRouting routing, TrafficSplit split)
    {
        V1Ingress updated = IngressObjects.Copy(live);
        Dictionary<string, string> annotations = new CanaryAnnotations(routing).For(live.Metadata.Annotations, split);
        updated.Metadata.Annotations = annotations;
        if (built is null)
        {
            return updated;
        }

        _ = annotations.Remove(ClassAnnotation);
        if (ClassOf(built) is { } ingressClass)
        {
            annotations[ClassAnnotation] = ingressClass;
        }

        updated.Spec ??= new V1IngressSpec();
        updated.Spec.IngressClassName = built.Spec.IngressClassName;
        updated.Spec.Rules = built.Spec.Rules;
        updated.Spec.Tls = built.Spec.Tls;
        return updated;
    }

    private static string? ClassOf(V1Ingress ingress) => ingress.Metadata.Annotations is { } annotations && annotations.TryGetValue(ClassAnnotation, out string? value) ? value : null;

    private static IEnumerable<V1HTTPIngressPath> PathsTo(string service, V1IngressRule rule) =>
        (rule.Http?.Paths ?? []).Where(p => p.Backend?.Service?.Name == service);
}
