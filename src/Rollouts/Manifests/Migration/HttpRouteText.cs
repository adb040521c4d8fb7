using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Migration;

/// <summary>An HTTPRoute that stands in for an Ingress, as a person would write it.</summary>
/// <param name="Name">Of the route.</param>
/// <param name="Text">YAML.</param>
internal sealed record HttpRouteText(string Name, string Text)
{
    private const string Unknown = "  # REPLACE: ";

    /// <summary>One route for the hosts of an Ingress that have the same paths; hosts without a path to the stable service get none.</summary>
    public static IEnumerable<HttpRouteText> For(TrafficTarget target, string ingressName, JsonObject? ingress, string gateway, List<string> notes)
    {
        if (ingress is null)
        {
            notes.Add($"the Ingress {ingressName} is not among the files: its hosts, paths and ports are to be filled in "
                + $"(kubectl get ingress {ingressName} -n {target.Namespace} -o yaml gives it; add the file with -f)");
            return [Written(target, ingressName, gateway, ["www.example.com"], [new Rule("PathPrefix", "/", target.StableService, 80)], isGuessed: true)];
        }

        Note(ingress, ingressName, notes);
        List<(List<string> Hosts, List<Rule> Rules)> groups = [];
        foreach (JsonObject rule in IngressFile.Objects(ingress["spec"]?["rules"]))
        {
            List<Rule> rules = [.. IngressFile.Objects(rule["http"]?["paths"]).Select(p => Rule.Of(p, ingressName, notes)).OfType<Rule>()];
            if (!rules.Exists(r => r.Service == target.StableService))
            {
                notes.Add($"the host {IngressFile.Text(rule["host"]) ?? "*"} of the Ingress {ingressName} does not lead to {target.StableService}; leave it where it is, or move it by itself");
                continue;
            }

            string? host = IngressFile.Text(rule["host"]);
            (List<string> Hosts, List<Rule> Rules) same = groups.Find(g => g.Rules.SequenceEqual(rules) && host is not null && g.Hosts.Count > 0);
            if (same.Hosts is not null)
                same.Hosts.Add(host!);
            else
                groups.Add((host is null ? [] : [host], rules));
        }

        return groups.Select((g, i) => Written(target, i == 0 ? ingressName : $"{ingressName}-{i + 1}", gateway, g.Hosts, g.Rules, isGuessed: false));
    }

    private static HttpRouteText Written(
        TrafficTarget target, string name, string gateway, IReadOnlyList<string> hosts, IReadOnlyList<Rule> rules, bool isGuessed)
    {
        string[] parent = gateway.Split('/', 2);
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: {name}\n  namespace: {target.Namespace}\nspec:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"  parentRefs:\n  - name: {parent[^1]}\n");
        if (parent.Length == 2)
            yaml.Append(CultureInfo.InvariantCulture, $"    namespace: {parent[0]}\n");
        if (hosts.Count > 0)
            yaml.Append("  hostnames:\n");
        foreach (string host in hosts)
            yaml.Append(CultureInfo.InvariantCulture, $"  - {Quoted(host)}{(isGuessed ? $"{Unknown}the hosts of the Ingress" : "")}\n");
        yaml.Append("  rules:\n");
        foreach (Rule rule in rules)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  - matches:\n    - path: {{ type: {rule.PathType}, value: {Quoted(rule.Path)} }}{(isGuessed ? $"{Unknown}its paths" : "")}\n    backendRefs:\n");
            bool isSplit = rule.Service == target.StableService;
            string port = (rule.Port ?? 80).ToString(CultureInfo.InvariantCulture);
            string note = rule.Port is null || isGuessed ? $"{Unknown}the port's number" : "";
            yaml.Append(CultureInfo.InvariantCulture, $"    - name: {rule.Service}\n      port: {port}{note}\n");
            if (isSplit)
                yaml.Append(CultureInfo.InvariantCulture, $"      weight: {target.MaxWeight}\n    - name: {target.CanaryService}\n      port: {port}{note}\n      weight: 0\n");
        }

        return new HttpRouteText(name, yaml.ToString());
    }

    private static void Note(JsonObject ingress, string name, List<string> notes)
    {
        foreach (string key in (ingress["metadata"]?["annotations"] as JsonObject ?? []).Select(a => a.Key))
        {
            if (key.StartsWith("nginx.ingress.kubernetes.io/", StringComparison.Ordinal))
                notes.Add($"the annotation {key} of the Ingress {name} has no counterpart here; see what the gateway offers for it");
        }

        if (ingress["spec"]?["tls"] is JsonArray { Count: > 0 })
            notes.Add($"the TLS of the Ingress {name} belongs to a listener of the Gateway");
        if (ingress["spec"]?["defaultBackend"] is not null)
            notes.Add($"the default backend of the Ingress {name} is not carried over; give the HTTPRoute a last rule without matches");
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private sealed record Rule(string PathType, string Path, string Service, int? Port)
    {
        /// <summary>Null for a path whose backend is no service.</summary>
        public static Rule? Of(JsonObject path, string ingress, List<string> notes)
        {
            string value = IngressFile.Text(path["path"]) ?? "/";
            if (IngressFile.Text(path["backend"]?["service"]?["name"]) is not { } service)
            {
                notes.Add($"the path {value} of the Ingress {ingress} leads to no service and is not carried over");
                return null;
            }

            string? type = IngressFile.Text(path["pathType"]);
            if (type is not ("Exact" or "Prefix"))
                notes.Add($"the path {value} of the Ingress {ingress} is {type ?? "without pathType"}; it is taken as a prefix, see whether it is an expression");
            JsonNode? port = path["backend"]?["service"]?["port"];
            int? number = port?["number"] is JsonValue given && given.TryGetValue(out int n) ? n : null;
            if (number is null)
                notes.Add($"the path {value} of the Ingress {ingress} names its port; an HTTPRoute wants the number");
            return new Rule(type == "Exact" ? "Exact" : "PathPrefix", value, service, number);
        }
    }
}
