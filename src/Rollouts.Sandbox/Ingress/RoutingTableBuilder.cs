using System.Text.RegularExpressions;
using k8s.Models;

namespace Rollouts.Sandbox.Ingress;

/// <summary>
/// Makes the routing table of the cluster's objects by ingress-nginx's rules. Only rules for plain HTTP are read: TLS and
/// <c>spec.defaultBackend</c> have no meaning in the sandbox.
/// </summary>
public sealed partial class RoutingTableBuilder
{
    private readonly Dictionary<(string Namespace, string Name), V1Service> services;
    private readonly IReadOnlySet<string> brokenPatterns;
    private readonly List<MutableRoute> routes = [];
    private readonly List<string> ignored = [];

    private RoutingTableBuilder(IEnumerable<V1Service> services, IReadOnlySet<string> brokenPatterns)
    {
        this.services = services.ToDictionary(service => (service.Namespace(), service.Name()));
        this.brokenPatterns = brokenPatterns;
    }

    /// <summary>Reads all ingresses of one class, main ones first.</summary>
    /// <param name="ingresses">All ingresses of the cluster.</param>
    /// <param name="services">All services of the cluster.</param>
    /// <param name="ingressClass">Ingresses of another class, and those without one, are not looked at.</param>
    /// <param name="brokenPatterns">The header patterns among the annotations that do not compile.</param>
    public static RoutingTable Build(
        IEnumerable<V1Ingress> ingresses, IEnumerable<V1Service> services, string ingressClass, IReadOnlySet<string> brokenPatterns)
    {
        var builder = new RoutingTableBuilder(services, brokenPatterns);
        var ours = Ours(ingresses, ingressClass);
        foreach (var ingress in ours.Where(ingress => !CanaryAnnotations.Enabled(ingress.Metadata.Annotations)))
            builder.Add(ingress);
        foreach (var ingress in ours.Where(ingress => CanaryAnnotations.Enabled(ingress.Metadata.Annotations)))
            builder.AddCanary(ingress);

        var hosts = builder.routes
            .GroupBy(route => route.Host)
            .OrderBy(host => host.Key, StringComparer.Ordinal)
            .Select(host => new VirtualHost(host.Key, [.. host.Select(route => route.Route)]));
        return new([.. hosts], builder.ignored);
    }

    /// <summary>The header patterns that the ingresses ask for, so that they can be tried before the table is built.</summary>
    public static IReadOnlySet<string> HeaderPatterns(IEnumerable<V1Ingress> ingresses, string ingressClass) =>
        Ours(ingresses, ingressClass)
            .Where(ingress => CanaryAnnotations.Enabled(ingress.Metadata.Annotations))
            .Select(ingress => CanaryAnnotations.Read(ingress.Metadata.Annotations).HeaderPattern)
            .OfType<string>()
            .ToHashSet();

    private static List<V1Ingress> Ours(IEnumerable<V1Ingress> ingresses, string ingressClass) =>
        [.. ingresses
            .Where(ingress => Class(ingress) == ingressClass)
            .OrderBy(ingress => ingress.CreationTimestamp())
            .ThenBy(ingress => $"{ingress.Namespace()}/{ingress.Name()}", StringComparer.Ordinal)];

    private static string? Class(V1Ingress ingress) =>
        ingress.Metadata.Annotations is { } annotations && annotations.TryGetValue("kubernetes.io/ingress.class", out var name)
            ? name
            : ingress.Spec?.IngressClassName;

    private void Add(V1Ingress ingress)
    {
        foreach (var (host, path) in Paths(ingress))
        {
            if (BackendOf(ingress, path) is not { } backend)
                continue;
            if (routes.Any(route => route.Matches(host, path)))
                Ignore(ingress, host, path, "an older ingress has the same host, path and path type");
            else
                routes.Add(new(ingress.Namespace(), host, new(path.Path ?? "/", path.PathType, backend, Canary: null)));
        }
    }

    private void AddCanary(V1Ingress ingress)
    {
        var annotations = CanaryAnnotations.Read(ingress.Metadata.Annotations);
        foreach (var (host, path) in Paths(ingress))
        {
            if (BackendOf(ingress, path) is not { } backend)
                continue;
            var main = routes.FirstOrDefault(route => route.Namespace == ingress.Namespace() && route.Matches(host, path));
            if (main is null)
                Ignore(ingress, host, path, "no main ingress of its namespace has this host, path and path type");
            else if (main.Route.Main.Name == backend.Name)
                continue; // A canary made from a stable ingress repeats the paths that other services answer.
            else if (main.Route.Canary is not null)
                Ignore(ingress, host, path, "the rule has a canary already, and takes one");
            else
                main.Route = main.Route with { Canary = new(annotations, IsBroken(annotations), backend) };
        }
    }

    private bool IsBroken(CanaryAnnotations annotations) =>
        annotations.HeaderPattern is { } pattern && brokenPatterns.Contains(pattern);

    private IEnumerable<(string? Host, V1HTTPIngressPath Path)> Paths(V1Ingress ingress)
    {
        foreach (var rule in ingress.Spec?.Rules ?? [])
        {
            var host = string.IsNullOrEmpty(rule.Host) ? null : rule.Host;
            foreach (var path in rule.Http?.Paths ?? [])
            {
                if (host is not null && !HostName().IsMatch(host))
                    Ignore(ingress, host, path, "the host is no DNS name");
                else if (path.Path is { } text && !text.StartsWith('/'))
                    Ignore(ingress, host, path, "the path does not begin with '/'");
                else
                    yield return (host, path);
            }
        }
    }

    private Backend? BackendOf(V1Ingress ingress, V1HTTPIngressPath path)
    {
        if (path.Backend?.Service is not { } wanted)
        {
            ignored.Add($"ingress {ingress.Namespace()}/{ingress.Name()}: path '{path.Path}' has no service as its backend");
            return null;
        }

        var service = services.GetValueOrDefault((ingress.Namespace(), wanted.Name));
        var port = service?.Spec?.Ports?.FirstOrDefault(
            port => wanted.Port?.Number is { } number ? port.Port == number : port.Name == wanted.Port?.Name);
        return new(
            ingress.Namespace(),
            wanted.Name,
            port?.Port ?? wanted.Port?.Number ?? 0,
            service is null || port is null ? null : ServiceAddress.Of(service));
    }

    private void Ignore(V1Ingress ingress, string? host, V1HTTPIngressPath path, string why) =>
        ignored.Add($"ingress {ingress.Namespace()}/{ingress.Name()}: {host ?? "*"}{path.Path} ({path.PathType}): {why}");

    [GeneratedRegex(@"\A(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?\z")]
    private static partial Regex HostName();

    private sealed class MutableRoute(string @namespace, string? host, Route route)
    {
        public string Namespace { get; } = @namespace;

        public string? Host { get; } = host;

        public Route Route { get; set; } = route;

        public bool Matches(string? otherHost, V1HTTPIngressPath path) =>
            Host == otherHost && Route.Path == (path.Path ?? "/") && Route.PathType == path.PathType;
    }
}
