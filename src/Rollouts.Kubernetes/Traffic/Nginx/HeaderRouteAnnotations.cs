using System.Text;
using System.Text.RegularExpressions;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// One header of ingress-nginx' canary: the values of <c>canary-by-header</c>, <c>canary-by-header-value</c> and <c>canary-by-header-pattern</c>.
/// A value is compared whole and with regard to case; a pattern is a PCRE searched for anywhere, which is why ours are anchored.
/// </summary>
internal sealed partial record HeaderRouteAnnotations(string Header, string? Value, string? Pattern)
{
    private const string RegexStart = "^(?:";
    private const string RegexEnd = ")$";
    private const string Metacharacters = @"\^$.[]|()?*+{}";

    /// <summary>What makes the controller send the route's requests to the canary.</summary>
    /// <exception cref="PortException">Kind Invalid: ingress-nginx has no annotation for it.</exception>
    public static HeaderRouteAnnotations? For(IReadOnlyList<HeaderRoute> routes)
    {
        if (routes.Count == 0)
        {
            return null;
        }

        if (routes.Count > 1)
        {
            throw Invalid($"ingress-nginx takes one header route at a time; remove one of {string.Join(", ", routes.Select(r => r.Name))} first");
        }

        HeaderRoute route = routes[0];
        if (route.Match.Count != 1)
        {
            throw Invalid($"header route {route.Name}: ingress-nginx compares exactly one header, the route names {route.Match.Count}");
        }

        HeaderMatch match = route.Match[0];
        if (!HeaderName().IsMatch(match.HeaderName))
        {
            throw Invalid($"header route {route.Name}: ingress-nginx reads headers of letters, digits, - and _ only, not `{match.HeaderName}`");
        }

        return match.Kind switch
        {
            HeaderMatchKind.Exact when match.Value.Length == 0 =>
                throw Invalid($"header route {route.Name}: ingress-nginx cannot compare {match.HeaderName} with an empty value"),
            HeaderMatchKind.Exact => new(match.HeaderName, match.Value, null),
            HeaderMatchKind.Prefix => new(match.HeaderName, null, $"^{AnchoredExpression.Escape(match.Value)}"),
            _ => new(match.HeaderName, null, Anchored(route.Name, match.Value)),
        };
    }

    /// <summary>The match that these annotations make the controller do.</summary>
    public HeaderMatch ToMatch()
    {
        // The controller looks at the pattern only when there is no value, and without either at the word "always".
        if (!string.IsNullOrEmpty(Value) || string.IsNullOrEmpty(Pattern))
        {
            return new(Header, HeaderMatchKind.Exact, string.IsNullOrEmpty(Value) ? "always" : Value);
        }

        if (Pattern.StartsWith(RegexStart, StringComparison.Ordinal) && Pattern.EndsWith(RegexEnd, StringComparison.Ordinal))
        {
            return new(Header, HeaderMatchKind.Regex, Pattern[RegexStart.Length..^RegexEnd.Length]);
        }

        return Pattern[0] == '^' && Unescape(Pattern[1..]) is { } prefix
            ? new(Header, HeaderMatchKind.Prefix, prefix)
            : new(Header, HeaderMatchKind.Regex, $".*(?:{Pattern}).*");
    }

    private static string Anchored(string route, string expression)
    {
        string pattern = RegexStart + expression + RegexEnd;
        try
        {
            // Parsed alone as well as wrapped: `a)|(b` is an expression only when wrapped, and would then match parts of a value.
            _ = new Regex(expression);
            _ = new Regex(pattern);
        }
        catch (RegexParseException problem)
        {
            throw new PortException(FailureKind.Invalid, $"header route {route}: `{expression}` is no regular expression: {problem.Message}", problem);
        }

        return pattern;
    }

    /// <summary>The literal that was escaped; null when the text is no escaped literal.</summary>
    private static string? Unescape(string escaped)
    {
        StringBuilder literal = new(escaped.Length);
        for (int i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '\\' && i + 1 < escaped.Length && Metacharacters.Contains(escaped[i + 1]))
            {
                i++;
            }
            else if (Metacharacters.Contains(escaped[i]))
            {
                return null;
            }

            _ = literal.Append(escaped[i]);
        }

        return literal.ToString();
    }

    private static PortException Invalid(string message) => new(FailureKind.Invalid, message);

    [GeneratedRegex(@"^[A-Za-z0-9_-]+\z")]
    private static partial Regex HeaderName();
}
