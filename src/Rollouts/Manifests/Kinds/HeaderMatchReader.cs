using System.Text.RegularExpressions;
using Rollouts.Analysis.Expressions.Patterns;
using Rollouts.Analysis.Expressions.Values;
using Rollouts.Manifests.Fields;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads one header of a route and what its value is compared with.</summary>
internal static partial class HeaderMatchReader
{
    private const int LongestValue = 500;

    // What the load balancer takes.
    private const int LongestAlbName = 40;
    private const int LongestAlbValue = 128;

    /// <summary>Null when something is wrong that has been reported.</summary>
    public static HeaderMatch? Read(Element element, IReadOnlyList<RouterCapabilities> routers, ProblemList problems)
    {
        if (FieldReader.Open(element, StepFields.HeaderMatch, problems) is not { } match)
            return null;
        string? header = match.Require("headerName", "the header that is compared") ? match.Text("headerName") : null;
        if (header is not null && CheckName(header, routers) is { } wrong)
        {
            problems.Error(match.At("headerName"), wrong);
            header = null;
        }

        TextMatch? value = match.Require("headerValue", "one of exact, prefix, regex") && match.Object("headerValue", StepFields.HeaderValue) is { } reader
            ? ReadText(reader, routers)
            : null;
        return header is null || value is null ? null : new HeaderMatch(header, value.Kind, value.Value);
    }

    /// <summary>Why no router takes the header's name; null when all do.</summary>
    public static string? CheckName(string header, IReadOnlyList<RouterCapabilities> routers)
    {
        if (!HeaderName().IsMatch(header))
            return $"{Shown.Text(header)} is no header name; it must be of letters, digits, - and _, at most 100";
        return Has(routers, RouterCapabilities.Alb) && header.Length > LongestAlbName
            ? $"is too long for {RouterCapabilities.Alb.Router}: at most {LongestAlbName} characters"
            : null;
    }

    /// <summary>Reads one of exact, prefix and regex. Null when something is wrong that has been reported.</summary>
    public static TextMatch? ReadText(FieldReader value, IReadOnlyList<RouterCapabilities> routers)
    {
        string[] given = [.. StepFields.HeaderValue.SupportedNames.Where(value.Has)];
        if (given is not [string form])
        {
            value.Problems.Error(
                value.Place,
                given.Length == 0
                    ? "StringMatch value missed, match value must have one of the following: exact, regex, prefix"
                    : "StringMatch match value must have exactly one of the following: exact, regex, prefix");
            return null;
        }

        if (value.Text(form) is not { } text)
            return null;
        HeaderMatchKind kind = form switch { "exact" => HeaderMatchKind.Exact, "prefix" => HeaderMatchKind.Prefix, _ => HeaderMatchKind.Regex };
        string? problem = routers.FirstOrDefault(r => !r.HeaderMatches.Contains(kind)) is { } router
            ? $"is not supported by {router.Router}, which compares whole values only; use exact"
            : Check(kind, text, routers);
        if (problem is not null)
        {
            value.Problems.Error(value.At(form), problem);
            return null;
        }

        if (Has(routers, RouterCapabilities.Alb))
            value.Problems.Warning(value.At(form), "is compared without regard to case by the AWS load balancer");
        return new TextMatch(kind, text);
    }

    private static string? Check(HeaderMatchKind kind, string text, IReadOnlyList<RouterCapabilities> routers)
    {
        if (text.Length is 0 or > LongestValue)
            return $"must have 1 to {LongestValue} characters";
        if (text.Any(c => c is < ' ' or > '~'))
            return "may hold printable ASCII characters only";
        bool isNginx = Has(routers, RouterCapabilities.Nginx);
        if (isNginx && kind != HeaderMatchKind.Regex && !BasicCharacters().IsMatch(text))
            return "may hold only letters, digits and - . _ ~ / : here; ingress-nginx ignores a canary with anything else";
        if (Has(routers, RouterCapabilities.Alb) && (text.AsSpan().ContainsAny("*?\\") || text.Length > LongestAlbValue))
            return $"must have at most {LongestAlbValue} characters and none of * ? \\ here, which are wildcards of the AWS load balancer";
        if (kind != HeaderMatchKind.Regex)
            return null;
        if (isNginx && !PatternCharacters().IsMatch(text))
            return "may hold only letters, digits, - . _ ~ / : and ^ $ [ ] ( ) { } * + ? | & = \\ here; ingress-nginx ignores a canary with anything else";
        try
        {
            _ = new Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            // Envoy reads RE2, nginx PCRE: what RE2 takes means the same to both.
            _ = GoRegex.Compile(text);
            return null;
        }
        catch (ArgumentException e)
        {
            return $"is no regular expression: {Shown.Sentence(e.Message)}";
        }
        catch (EvaluationFailure e)
        {
            return $"is no regular expression of RE2, whose syntax all routers read alike: {e.Message}";
        }
    }

    private static bool Has(IReadOnlyList<RouterCapabilities> routers, RouterCapabilities router) => routers.Any(r => r.Router == router.Router);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderName();

    // What ingress-nginx' annotation validation lets through for canary-by-header-value (internal/ingress/annotations/parser/validators.go).
    [GeneratedRegex(@"\A[-._~a-zA-Z0-9/:]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex BasicCharacters();

    // The same for canary-by-header-pattern.
    [GeneratedRegex(@"\A[-._~a-zA-Z0-9/:^$\[\](){}*+?|&=\\]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PatternCharacters();
}
