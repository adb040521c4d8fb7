using System.Globalization;
using System.Text;
using static Rollouts.Sandbox.Ingress.NginxText;

namespace Rollouts.Sandbox.Ingress;

/// <summary>
/// Writes the decision of one route: a chain of maps in ingress-nginx's order, header, then cookie, then weight, each
/// falling through to the next. The result, in <c>$decision_N</c>, names the rule that decided and the side it chose,
/// for instance <c>header:canary</c>.
/// </summary>
internal static class CanaryMaps
{
    /// <summary>The share of <c>split_clients</c> has two decimals of a percent.</summary>
    private const double FinestPercent = 0.01;

    public static void Write(StringBuilder text, int route, CanaryRoute canary)
    {
        WriteWeight(text, route, canary.Annotations);
        WriteCookie(text, route, canary.Annotations.Cookie);
        WriteHeader(text, route, canary);
    }

    private static void WriteWeight(StringBuilder text, int route, CanaryAnnotations rules)
    {
        // $request_id is random and drawn anew for each request, so the split is per request and not per client.
        text.Append(CultureInfo.InvariantCulture, $$"""
            split_clients "$request_id" $by_weight_{{route}} {

            """);
        if (rules.Weight >= rules.WeightTotal)
        {
            text.AppendLine("    * \"weight:canary\";");
        }
        else
        {
            if (rules.Weight > 0)
                text.AppendLine(CultureInfo.InvariantCulture, $"    {Percent(rules):0.00}% \"weight:canary\";");
            text.AppendLine("    * \"weight:main\";");
        }

        text.AppendLine("}");
    }

    private static double Percent(CanaryAnnotations rules) =>
        Math.Clamp(100.0 * rules.Weight / rules.WeightTotal, FinestPercent, 100 - FinestPercent);

    private static void WriteCookie(StringBuilder text, int route, string? cookie)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"map $http_cookie $by_cookie_{route} {{");
        text.AppendLine(CultureInfo.InvariantCulture, $"    default $by_weight_{route};");
        if (cookie is not null)
        {
            foreach (var (value, side) in Sides)
                text.AppendLine($"    {Quote($"~(?:\\A|;) *(?i:{EscapePattern(cookie)}) *= *{value} *(?:;|\\z)")} \"cookie:{side}\";");
        }

        text.AppendLine("}");
    }

    private static void WriteHeader(StringBuilder text, int route, CanaryRoute canary)
    {
        var rules = canary.Annotations;
        var variable = rules.Header is { } header ? HeaderVariable(header) : "\"\"";
        text.AppendLine(CultureInfo.InvariantCulture, $"map {variable} $decision_{route} {{");
        text.AppendLine(CultureInfo.InvariantCulture, $"    default $by_cookie_{route};");

        // A header that was not sent has an empty value, which nginx matches with no pattern, not even ".*".
        foreach (var (source, side) in HeaderMatches(canary))
            text.AppendLine($"    {source} \"header:{side}\";");
        text.AppendLine("}");
    }

    private static IEnumerable<(string Source, string Side)> HeaderMatches(CanaryRoute canary) => canary.Annotations switch
    {
        { Header: null } => [],
        { HeaderValue: { } value } => [(ExactMatch(value), "canary")],
        { HeaderPattern: not null } when canary.PatternIsBroken => [("~.", "main")],
        { HeaderPattern: { } pattern } => [(Quote($"~{pattern}"), "canary")],
        _ => Sides.Select(side => (ExactMatch(side.Value), side.Side)),
    };

    private static readonly (string Value, string Side)[] Sides = [("always", "canary"), ("never", "main")];
}
