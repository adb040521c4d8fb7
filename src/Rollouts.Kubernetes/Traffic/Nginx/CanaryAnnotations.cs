using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
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

    /// <summary>Makes the annotations of a canary ingress those of the split; whatever is not ours stays as it is.</summary>
    /// <exception cref="PortException">Kind Invalid: ingress-nginx has no annotation for one of the routes.</exception>
    public void Write(JsonObject canary, TrafficSplit split)
    {
        if (split.MirrorRoutes is { } mirrors)
        {
            throw new PortException(FailureKind.Invalid, $"mirror route {mirrors[0].Name}: ingress-nginx can't copy requests to a canary");
        }

        HeaderRouteAnnotations? route = HeaderRouteAnnotations.For(split.HeaderRoutes);
        JsonObject annotations = canary.Annotations();
        foreach (string ours in (string[])[Canary, Weight, WeightTotal, Header, HeaderValue, HeaderPattern, HeaderRouteName])
        {
            _ = annotations.Remove(ours);
        }

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
    }

    /// <summary>
    /// The split that the annotations make the controller do. A header that <see cref="NginxRouting.AdditionalIngressAnnotations"/> always sets
    /// is part of the set-up, not of the split.
    /// </summary>
    public TrafficSplit Read(JsonObject canary)
    {
        Dictionary<string, string> live = canary.Annotations()
            .Select(a => (a.Key, Value: JsonShape.Text(a.Value)))
            .Where(a => a.Value is not null)
            .ToDictionary(a => a.Key, a => a.Value!);
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

        foreach ((string key, string value) in routing.CanaryIngressAnnotations ?? new Dictionary<string, string>())
        {
            prefixed[key] = value;
        }

        return prefixed;
    }

    private string Key(string name) => $"{routing.AnnotationPrefix}/{name}";

    private static void Set(JsonObject annotations, string key, string? value)
    {
        if (value is not null)
        {
            annotations[key] = value;
        }
    }
}
