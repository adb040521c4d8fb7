using System.Text.RegularExpressions;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>
/// Reads <c>setHeaderRoute</c> steps in their order. An ingress-nginx canary carries one header with one value or pattern, so that one route with
/// one match can be live at a time.
/// </summary>
internal sealed partial class HeaderRouteReader
{
    private const int LongestValue = 500;

    private readonly HashSet<string>? managed;
    private string? live;

    public HeaderRouteReader(FieldReader canary)
    {
        // The fields of trafficRouting are reported where the target is read; here only the names are wanted.
        if (canary.Given("trafficRouting") is { } routing
            && FieldReader.Open(routing, RolloutFields.TrafficRouting, canary.Problems) is { } reader
            && reader.Has("managedRoutes"))
        {
            managed = [];
            foreach (FieldReader route in reader.Objects("managedRoutes", RolloutFields.ManagedRoute))
            {
                if (route.Require("name", "the route's name") && route.Text("name") is { } name && !managed.Add(name))
                    canary.Problems.Error(route.At("name"), $"names {Shown.Text(name)} a second time; name each route once");
            }
        }
    }

    /// <summary>Null when something is wrong that has been reported.</summary>
    public SetHeaderRouteStep? Read(FieldReader step)
    {
        if (step.Object("setHeaderRoute", StepFields.HeaderRoute) is not { } route)
            return null;
        string? name = route.Require("name", "the route's name") ? route.Text("name") : null;
        if (name is not null && managed is not null && !managed.Contains(name))
        {
            route.Problems.Error(
                route.At("name"),
                $"{Shown.Text(name)} is not among trafficRouting.managedRoutes ({(managed.Count == 0 ? "none" : Shown.List(managed.Select(Shown.Plain)))}){Spelling.Hint(name, managed)}; add it there");
        }

        IReadOnlyList<Element> entries = route.List("match");
        if (entries.Count > 1)
        {
            route.Problems.Error(
                entries[1].Place,
                "a second match is not supported: an ingress-nginx canary compares one header with one value or pattern; join the values in one regex");
        }

        HeaderMatch?[] matches = [.. entries.Take(1).Select(e => ReadMatch(e, route.Problems))];
        bool isRemoval = route.Given("match") is null or { Node: SequenceNode { Items.Count: 0 } };
        if (name is null || matches.Any(m => m is null) || entries.Count > 1 || (entries.Count == 0 && !isRemoval))
            return null;
        Follow(route, name, matches.Length > 0);
        return new SetHeaderRouteStep(name, matches!);
    }

    private void Follow(FieldReader route, string name, bool sets)
    {
        if (sets && live is not null && live != name)
        {
            route.Problems.Error(
                route.At("name"),
                $"{Shown.Text(name)} is set while {Shown.Text(live)} is live: an ingress-nginx canary carries one header route; "
                + $"remove {Shown.Text(live)} before, by a setHeaderRoute step with its name and without match");
        }
        else if (sets)
        {
            live = name;
        }
        else if (live == name)
        {
            live = null;
        }
        else
        {
            route.Problems.Warning(route.At("name"), $"removes {Shown.Text(name)}, which no step before has set");
        }
    }

    private static HeaderMatch? ReadMatch(Element element, ProblemList problems)
    {
        if (FieldReader.Open(element, StepFields.HeaderMatch, problems) is not { } match)
            return null;
        string? header = match.Require("headerName", "the header that is compared") ? match.Text("headerName") : null;
        if (header is not null && !HeaderName().IsMatch(header))
        {
            problems.Error(match.At("headerName"), $"{Shown.Text(header)} is no header name; it must be of letters, digits, - and _, at most 100");
            header = null;
        }

        var value = match.Require("headerValue", "one of exact, prefix, regex") ? ReadValue(match) : null;
        return header is null || value is null ? null : new HeaderMatch(header, value.Value.Kind, value.Value.Text);
    }

    private static (HeaderMatchKind Kind, string Text)? ReadValue(FieldReader match)
    {
        if (match.Object("headerValue", StepFields.HeaderValue) is not { } value)
            return null;
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
        string? problem = Check(kind, text);
        if (problem is null)
            return (kind, text);
        value.Problems.Error(value.At(form), problem);
        return null;
    }

    private static string? Check(HeaderMatchKind kind, string text)
    {
        if (text.Length is 0 or > LongestValue)
            return $"must have 1 to {LongestValue} characters";
        if (kind != HeaderMatchKind.Regex)
            return BasicCharacters().IsMatch(text) ? null : "may hold only letters, digits and - . _ ~ / : here; ingress-nginx ignores a canary with anything else";
        if (!PatternCharacters().IsMatch(text))
            return "may hold only letters, digits, - . _ ~ / : and ^ $ [ ] ( ) { } * + ? | & = \\ here; ingress-nginx ignores a canary with anything else";
        try
        {
            _ = new Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return null;
        }
        catch (ArgumentException e)
        {
            return $"is no regular expression: {Shown.Sentence(e.Message)}";
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderName();

    // What ingress-nginx' annotation validation lets through for canary-by-header-value (internal/ingress/annotations/parser/validators.go).
    [GeneratedRegex(@"\A[-._~a-zA-Z0-9/:]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex BasicCharacters();

    // The same for canary-by-header-pattern.
    [GeneratedRegex(@"\A[-._~a-zA-Z0-9/:^$\[\](){}*+?|&=\\]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PatternCharacters();
}
