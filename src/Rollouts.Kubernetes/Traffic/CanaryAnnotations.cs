using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>Maps traffic splits to the controller's annotations and back.</summary>
internal sealed class CanaryAnnotations(NginxRouting routing)
{
    /// <summary>Names the header route in force, for which the controller has no annotation.</summary>
    public const string HeaderRouteName = "rolloutfunctions/header-route";

    private string Canary => Key("canary");

    private string Weight => Key("canary-weight");

    private string WeightTotal => Key("canary-weight-total");

    private string Header => Key("canary-by-header");

    private string HeaderValue => Key("canary-by-header-value");

    private string HeaderPattern => Key("canary-by-header-pattern");

    /// <summary>The annotations that a canary ingress has for the split; whatever is not ours stays as it is.</summary>
    /// <exception cref="PortException">Kind Invalid: ingress-nginx has no annotation for one of the header routes.</exception>
    public Dictionary<string, string> For(IEnumerable<KeyValuePair<string, string>>? live, TrafficSplit split)
    {
        HeaderRouteAnnotations? route = HeaderRouteAnnotations.For(split.HeaderRoutes);
        string[] ours = [Canary, Weight, WeightTotal, Header, HeaderValue, HeaderPattern, HeaderRouteName];
        Dictionary<string, string> annotations = new((live ?? []).Where(a => !ours.Contains(a.Key)));
        foreach ((string key, string value) in Additional())
        {
            annotations[key] = value;
        }

        if (routing.MaxTrafficWeight is { } total)
        {
            annotations[WeightTotal] = $"{total}";
        }

        annotations[Canary] = "true";
        annotations[Weight] = $"{split.CanaryWeight}";
        if (route is not null)
        {
            // A route of a step wins over a header of additionalIngressAnnotations, whose leftovers would change what the route matches.
            _ = annotations.Remove(HeaderValue);
            _ = annotations.Remove(HeaderPattern);
            annotations[Header] = route.Header;
            annotations[HeaderRouteName] = split.HeaderRoutes[0].Name;
            Set(annotations, HeaderValue, route.Value);
            Set(annotations, HeaderPattern, route.Pattern);
        }

        return annotations;
    }

    /// <summary>
    /// The split that the annotations make the controller do. A header that <see cref="NginxRouting.AdditionalIngressAnnotations"/> always sets
    /// is part of the set-up, not of the split.
    /// </summary>
    public TrafficSplit Read(IEnumerable<KeyValuePair<string, string>>? annotations)
    {
        Dictionary<string, string> live = new(annotations ?? []);
        if (live.GetValueOrDefault(Canary) != "true")
        {
            return TrafficSplit.None;
        }

        // As the controller does, a weight that is no number is 0.
        int weight = int.TryParse(live.GetValueOrDefault(Weight), out int parsed) ? Math.Max(parsed, 0) : 0;
        string? name = live.GetValueOrDefault(HeaderRouteName);
        if (HeaderOf(live) is not { } header || (name is null && header.Equals(HeaderOf(Additional()))))
        {
            return new TrafficSplit(weight, []);
        }

        return new TrafficSplit(weight, [new HeaderRoute(name ?? header.Header, [header.ToMatch()])]);
    }

    private HeaderRouteAnnotations? HeaderOf(Dictionary<string, string> annotations) =>
        annotations.GetValueOrDefault(Header) is { Length: > 0 } header
            ? new(header, annotations.GetValueOrDefault(HeaderValue), annotations.GetValueOrDefault(HeaderPattern))
            : null;

    private Dictionary<string, string> Additional()
    {
        Dictionary<string, string> prefixed = [];
        foreach ((string key, string value) in routing.AdditionalIngressAnnotations)
        {
            prefixed[key.StartsWith(routing.AnnotationPrefix, StringComparison.Ordinal) ? key : Key(key)] = value;
        }

        return prefixed;
    }

    private string Key(string name) => $"{routing.AnnotationPrefix}/{name}";

    private static void Set(Dictionary<string, string> annotations, string key, string? value)
    {
        if (value is not null)
        {
            annotations[key] = value;
        }
    }
}
