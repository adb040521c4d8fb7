using System.Text.RegularExpressions;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads <c>trafficRouting.nginx</c>.</summary>
internal static partial class NginxReader
{
    private const string DefaultPrefix = "nginx.ingress.kubernetes.io";

    /// <summary>Null when something is wrong that has been reported.</summary>
    public static NginxRouting? Read(FieldReader nginx, int? greatestWeight)
    {
        string[]? ingresses = ObjectNames.Read(nginx, "stableIngress", "stableIngresses", "StableIngress or StableIngresses", "ingress");
        string? prefix = nginx.Has("annotationPrefix") ? nginx.ObjectName("annotationPrefix") : DefaultPrefix;
        IReadOnlyDictionary<string, string> additional = ReadAnnotations(nginx, "additionalIngressAnnotations", prefix ?? DefaultPrefix);
        IReadOnlyDictionary<string, string> canary = ReadAnnotations(nginx, "canaryIngressAnnotations", prefix ?? DefaultPrefix);
        return ingresses is null || prefix is null
            ? null
            : new NginxRouting
            {
                StableIngresses = ingresses,
                AnnotationPrefix = prefix,
                AdditionalIngressAnnotations = additional,
                CanaryIngressAnnotations = canary.Count == 0 ? null : canary,
                MaxTrafficWeight = greatestWeight,
            };
    }

    private static SortedDictionary<string, string> ReadAnnotations(FieldReader nginx, string name, string prefix)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (nginx.Given(name) is not { } field)
            return annotations;
        if (field.Node is not MappingNode mapping)
        {
            nginx.Problems.Error(field.Place, $"must be an object of texts; found {field.Node.Description}");
            return annotations;
        }

        foreach (MappingEntry entry in mapping.Entries)
        {
            Place place = field.Place.Field(entry.Key, entry.Line);
            bool isPrefixed = entry.Key.StartsWith(prefix + "/", StringComparison.Ordinal);
            string bare = isPrefixed ? entry.Key[(prefix.Length + 1)..] : entry.Key;
            if (!AnnotationKey().IsMatch(entry.Key) || entry.Key.Length > 317)
                nginx.Problems.Error(place, "is no annotation key that Kubernetes takes; it must be NAME or PREFIX/NAME of letters, digits, -, _ and .");
            else if (entry.Key.StartsWith("rolloutfunctions/", StringComparison.Ordinal))
                nginx.Problems.Error(place, "is written by the rollout itself; remove it");
            else if (!isPrefixed && name == "canaryIngressAnnotations")
                Add(entry, place);
            else if (bare is "canary" or "canary-weight" or "canary-weight-total")
                nginx.Problems.Error(place, "is written by the rollout itself; remove it");
            else if (bare.StartsWith("canary-by-", StringComparison.Ordinal))
                nginx.Problems.Error(place, "not supported: it would send requests to the canary after an abort, too; use a setHeaderRoute step");
            else
                Add(entry, place);
        }

        return annotations;

        void Add(MappingEntry entry, Place place)
        {
            if (new Element(entry.Value, place).AsText(nginx.Problems) is { } text)
                annotations.Add(entry.Key, text);
        }
    }

    [GeneratedRegex(@"\A([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex AnnotationKey();
}
