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
        string[]? ingresses = ReadIngresses(nginx);
        string? prefix = nginx.Has("annotationPrefix") ? nginx.ObjectName("annotationPrefix") : DefaultPrefix;
        IReadOnlyDictionary<string, string> annotations = ReadAnnotations(nginx, prefix ?? DefaultPrefix);
        return ingresses is null || prefix is null
            ? null
            : new NginxRouting
            {
                StableIngresses = ingresses,
                AnnotationPrefix = prefix,
                AdditionalIngressAnnotations = annotations,
                MaxTrafficWeight = greatestWeight,
            };
    }

    private static string[]? ReadIngresses(FieldReader nginx)
    {
        IReadOnlyList<Element> several = nginx.List("stableIngresses");
        if (nginx.Has("stableIngress") && several.Count > 0)
        {
            nginx.Problems.Error(nginx.At("stableIngresses"), "Either StableIngress or StableIngresses must be configured. Both are configured.");
            return null;
        }

        if (several.Count == 0 && nginx.Given("stableIngresses") is { Node: not SequenceNode { Items.Count: 0 } })
            return null;
        if (!nginx.Has("stableIngress") && several.Count == 0)
        {
            nginx.Problems.Error(nginx.Place, "Either StableIngress or StableIngresses must be configured. Neither are configured.");
            return null;
        }

        string?[] names = several.Count == 0 ? [nginx.ObjectName("stableIngress")] : [.. several.Select(i => i.ObjectName(nginx.Problems))];
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] is { } name && Array.IndexOf(names, name) < i)
                nginx.Problems.Error(several[i].Place, $"names {name} a second time; name each ingress once");
        }

        return names.Contains(null) ? null : [.. names.OfType<string>()];
    }

    private static SortedDictionary<string, string> ReadAnnotations(FieldReader nginx, string prefix)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (nginx.Given("additionalIngressAnnotations") is not { } field)
            return annotations;
        if (field.Node is not MappingNode mapping)
        {
            nginx.Problems.Error(field.Place, $"must be an object of texts; found {field.Node.Description}");
            return annotations;
        }

        foreach (MappingEntry entry in mapping.Entries)
        {
            Place place = field.Place.Field(entry.Key, entry.Line);
            string bare = entry.Key.StartsWith(prefix + "/", StringComparison.Ordinal) ? entry.Key[(prefix.Length + 1)..] : entry.Key;
            if (!AnnotationKey().IsMatch(entry.Key) || entry.Key.Length > 317)
                nginx.Problems.Error(place, "is no annotation key that Kubernetes takes; it must be NAME or PREFIX/NAME of letters, digits, -, _ and .");
            else if (bare is "canary" or "canary-weight" or "canary-weight-total")
                nginx.Problems.Error(place, "is written by the rollout itself; remove it");
            else if (bare.StartsWith("canary-by-", StringComparison.Ordinal))
                nginx.Problems.Error(place, "not supported: it would send requests to the canary after an abort, too; use a setHeaderRoute step");
            else if (new Element(entry.Value, place).AsText(nginx.Problems) is { } text)
                annotations.Add(entry.Key, text);
        }

        return annotations;
    }

    [GeneratedRegex(@"\A([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex AnnotationKey();
}
