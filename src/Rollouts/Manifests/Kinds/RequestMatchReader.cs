using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads which requests a mirror route copies.</summary>
internal static class RequestMatchReader
{
    // The methods that the Gateway API's specification lists.
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

    /// <summary>Null when something is wrong that has been reported.</summary>
    public static RequestMatch? Read(Element element, TrafficTarget? target, ProblemList problems)
    {
        if (FieldReader.Open(element, StepFields.MirrorMatch, problems) is not { } match)
            return null;
        if (!match.Has("method") && !match.Has("path") && !match.Has("headers"))
        {
            if (!match.HasReportedFields)
                problems.Error(match.Place, "compares nothing; give method, path or headers");
            return null;
        }

        TextMatch? method = ReadText(match, "method");
        TextMatch? path = ReadText(match, "path");
        IReadOnlyList<HeaderMatch>? headers = ReadHeaders(match, target);
        if ((method is null && match.Has("method")) || (path is null && match.Has("path")) || headers is null)
            return null;
        return CheckGateway(match, method, target) ? new RequestMatch(method, path, headers) : null;
    }

    private static bool CheckGateway(FieldReader match, TextMatch? method, TrafficTarget? target)
    {
        if (target?.GatewayApi is not { } gateway)
            return true;
        if (method is not null && (method.Kind != HeaderMatchKind.Exact || !Methods.Contains(method.Value)))
        {
            match.Problems.Error(match.At("method"), $"must be exact and one of {string.Join(", ", Methods)} here; an HTTPRoute compares a method whole");
            return false;
        }

        if (gateway.GrpcRoutes.Any(r => r.UseHeaderRoutes) && (match.Has("method") || match.Has("path")))
        {
            match.Problems.Error(
                match.At(match.Has("method") ? "method" : "path"),
                "is not supported by a GRPCRoute, which knows services and their methods instead; compare headers, or leave useHeaderRoutes of the GRPCRoute away");
            return false;
        }

        return true;
    }

    private static TextMatch? ReadText(FieldReader match, string name) =>
        match.Object(name, StepFields.MirrorText) is { } reader ? HeaderMatchReader.ReadText(reader, []) : null;

    private static IReadOnlyList<HeaderMatch>? ReadHeaders(FieldReader match, TrafficTarget? target)
    {
        if (match.Given("headers") is not { } field)
            return [];
        if (field.Node is not MappingNode mapping)
        {
            match.Problems.Error(field.Place, $"must be an object with a header's name for each key; found {field.Node.Description}");
            return null;
        }

        List<HeaderMatch> headers = [];
        bool isComplete = true;
        foreach (MappingEntry entry in mapping.Entries)
        {
            Place place = field.Place.Field(entry.Key, entry.Line);
            if (HeaderMatchReader.CheckName(entry.Key, target?.RouterCapabilities() ?? []) is { } wrong)
            {
                match.Problems.Error(place, wrong);
                isComplete = false;
            }
            else if (FieldReader.Open(new Element(entry.Value, place), StepFields.MirrorText, match.Problems) is { } reader
                && HeaderMatchReader.ReadText(reader, []) is { } value)
            {
                headers.Add(new HeaderMatch(entry.Key, value.Kind, value.Value));
            }
            else
            {
                isComplete = false;
            }
        }

        return isComplete ? headers : null;
    }
}
