using Rollouts.Manifests.Fields;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads <c>trafficRouting.istio</c>.</summary>
internal static class IstioReader
{
    /// <summary>Null when something is wrong that has been reported.</summary>
    public static IstioRouting? Read(FieldReader istio)
    {
        IReadOnlyList<Element> several = istio.List("virtualServices");
        if (istio.Has("virtualService") == several.Count > 0)
        {
            string state = several.Count > 0 ? "Both are configured." : "Neither are configured.";
            istio.Problems.Error(
                several.Count > 0 ? istio.At("virtualServices") : istio.Place, $"Either VirtualService or VirtualServices must be configured. {state}");
            return null;
        }

        Element[] given = several.Count > 0 ? [.. several] : [istio.Given("virtualService")!];
        IstioVirtualService?[] services = [.. given.Select(s => ReadService(s, istio.Problems))];
        for (int i = 0; i < services.Length; i++)
        {
            if (services[i] is { } service && Array.FindIndex(services, s => s?.Name == service.Name) < i)
                istio.Problems.Error(given[i].Place, $"names {service.Name} a second time; name each VirtualService once");
        }

        IstioDestinationRule? rule = istio.Has("destinationRule") ? ReadRule(istio) : null;
        return services.Contains(null) || (rule is null && istio.Has("destinationRule"))
            ? null
            : new IstioRouting { VirtualServices = [.. services.OfType<IstioVirtualService>()], DestinationRule = rule };
    }

    private static IstioVirtualService? ReadService(Element element, ProblemList problems)
    {
        if (FieldReader.Open(element, RoutingFields.VirtualService, problems) is not { } service)
            return null;
        string? name = service.Require("name", "the VirtualService's name") ? service.ObjectName("name") : null;
        IReadOnlyList<Element> items = service.List("routes");
        string?[] routes = [.. items.Select(r => r.AsText(problems))];
        return name is null || routes.Contains(null) || (items.Count == 0 && service.Given("routes") is { Node: not Documents.SequenceNode })
            ? null
            : new IstioVirtualService(name, [.. routes.OfType<string>().Distinct()]);
    }

    private static IstioDestinationRule? ReadRule(FieldReader istio)
    {
        if (istio.Object("destinationRule", RoutingFields.DestinationRule) is not { } rule)
            return null;
        string? name = rule.Require("name", "the DestinationRule's name") ? rule.ObjectName("name") : null;
        string? canary = rule.Require("canarySubsetName", "the subset of the version that is tried") ? rule.Text("canarySubsetName") : null;
        string? stable = rule.Require("stableSubsetName", "the subset of the version that users have now") ? rule.Text("stableSubsetName") : null;
        if (canary is not null && canary == stable)
            rule.Problems.Error(rule.At("stableSubsetName"), "is the canary's subset, too; two different subsets are required");
        return name is null || canary is null || stable is null ? null : new IstioDestinationRule(name, canary, stable);
    }
}
