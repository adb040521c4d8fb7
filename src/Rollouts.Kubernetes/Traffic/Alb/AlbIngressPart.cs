using System.Globalization;
using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// An ingress of the AWS load balancer controller, some of whose paths lead to an action (a backend on the port <c>use-annotation</c>). The action's
/// annotation holds the weights; a header route is an action of its own with conditions, and a path put before each path of the first.
/// </summary>
internal sealed class AlbIngressPart(TrafficTarget target, AlbRouting routing, string ingress) : RoutingPart(target, KubernetesResource.Ingress, ingress)
{
    private const int All = 100;
    private const string ByAnnotation = "use-annotation";

    private string Action => routing.RootService ?? Target.StableService;

    public override void RequireSplittable(JsonObject live)
    {
        if (!PathLists(live).Any(l => JsonShape.Objects(l).Any(IsRoot)))
        {
            throw Invalid($"has no rules using service {Action} backend on the port {ByAnnotation}");
        }
    }

    public override JsonObject Write(JsonObject live, JsonObject? source, TrafficSplit split)
    {
        if (split.MirrorRoutes is { } mirrors)
        {
            throw Invalid($"can't do mirror route {mirrors[0].Name}: the load balancer does not copy requests");
        }

        JsonObject updated = live.Copy();
        foreach (string key in updated.Annotations().Select(a => a.Key).Where(IsOurAnnotation).ToList())
        {
            _ = updated.Annotations().Remove(key);
        }

        ManagedRoute[] routes = [.. ManagedRoutes.Of(split, Target)];
        string[] names = [.. routes.Select((r, order) => ManagedRoutes.RuleName(r, order, null))];
        SetAction(updated, Action, (Target.StableService, All - split.CanaryWeight), (Target.CanaryService, split.CanaryWeight));
        foreach ((int order, ManagedRoute route) in routes.Index())
        {
            SetAction(updated, names[order], (Target.CanaryService, All));
            updated.Annotations()[Key("conditions", names[order])] = AlbConditions.Of(route.Header!, Invalid);
        }

        foreach (JsonArray list in PathLists(updated))
        {
            JsonObject[] own = [.. JsonShape.Objects(list).Where(p => !ManagedRoutes.IsOurs(Backend(p)))];
            IEnumerable<JsonObject> ours = names.SelectMany(n => own.Where(IsRoot).Select(p => To(p, n)));
            JsonNode[] all = [.. ours.Concat(own).Select(p => p.DeepClone())];
            list.Clear();
            foreach (JsonNode path in all)
            {
                list.Add(path);
            }
        }

        ManagedRoutes.Write(updated, split);
        return updated;
    }

    public override string? Remainder(JsonObject withdrawn)
    {
        JsonObject[] paths = [.. PathLists(withdrawn).SelectMany(l => JsonShape.Objects(l))];
        return !paths.Any(IsRoot) && paths.Any(p => Backend(p) == Target.CanaryService)
            ? $"has no rules using service {Action} backend on the port {ByAnnotation} any more, and one that leads to {Target.CanaryService} by itself"
            : null;
    }

    public override TrafficSplit Read(JsonObject live)
    {
        TrafficSplit listed = ManagedRoutes.Read(live);
        string[] standing = [.. ManagedRoutes.Of(listed, Target).Where((r, order) => Stands(live, r, ManagedRoutes.RuleName(r, order, null))).Select(r => r.Name)];
        AlbAction? action = AlbAction.Read(live.Mark(Key("actions", Action)));
        int canary = action?.WeightOf(Target.CanaryService) ?? 0;
        int stable = action?.WeightOf(Target.StableService) ?? 0;
        return new TrafficSplit(
            canary == 0 ? 0 : (int)Math.Ceiling((double)canary * All / (canary + stable)), [.. listed.HeaderRoutes.Where(r => standing.Contains(r.Name))]);
    }

    private bool Stands(JsonObject live, ManagedRoute route, string name) =>
        route.Header is { } header
        && live.Mark(Key("conditions", name)) is { } conditions
        && JsonNode.DeepEquals(AlbAction.Parse(conditions), AlbAction.Parse(AlbConditions.Of(header, Invalid)))
        && AlbAction.Read(live.Mark(Key("actions", name)))?.WeightOf(Target.CanaryService) > 0
        && PathLists(live).All(l => JsonShape.Objects(l).Count(IsRoot) == JsonShape.Objects(l).Count(p => Backend(p) == name));

    private void SetAction(JsonObject updated, string action, params (string Service, int Weight)[] groups)
    {
        string key = Key("actions", action);
        JsonObject forward = new()
        {
            ["targetGroups"] = new JsonArray([.. groups.Select(g => new JsonObject
            {
                ["serviceName"] = g.Service,
                ["servicePort"] = routing.ServicePort.ToString(CultureInfo.InvariantCulture),
                ["weight"] = g.Weight,
            })]),
        };
        JsonNode? stickiness = routing.Stickiness is { } duration
            ? new JsonObject { ["enabled"] = true, ["durationSeconds"] = (int)duration.TotalSeconds }
            : AlbAction.Read(updated.Mark(key))?.Stickiness;
        if (stickiness is not null)
        {
            forward["targetGroupStickinessConfig"] = stickiness.DeepClone();
        }

        updated.Annotations()[key] = new JsonObject { ["type"] = "forward", ["forwardConfig"] = forward }.ToJsonString();
    }

    private string Key(string kind, string action) => $"{routing.AnnotationPrefix}/{kind}.{action}";

    private bool IsOurAnnotation(string key) =>
        ManagedRoutes.IsOurs(After(key, Key("actions", ""))) || ManagedRoutes.IsOurs(After(key, Key("conditions", "")));

    private static string? After(string key, string prefix) => key.StartsWith(prefix, StringComparison.Ordinal) ? key[prefix.Length..] : null;

    private static IEnumerable<JsonArray> PathLists(JsonObject live) =>
        JsonShape.Objects(live.Part("spec")["rules"]).Select(r => (r["http"] as JsonObject)?["paths"]).OfType<JsonArray>();

    private static string? Backend(JsonObject path) => JsonShape.Text(path["backend"]?["service"]?["name"]);

    private bool IsRoot(JsonObject path) => Backend(path) == Action && JsonShape.Text(path["backend"]?["service"]?["port"]?["name"]) == ByAnnotation;

    private static JsonObject To(JsonObject path, string action)
    {
        JsonObject copy = path.DeepClone().AsObject();
        copy["backend"] = new JsonObject
        {
            ["service"] = new JsonObject { ["name"] = action, ["port"] = new JsonObject { ["name"] = ByAnnotation } },
        };
        return copy;
    }
}
