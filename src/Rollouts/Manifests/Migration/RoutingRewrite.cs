using System.Globalization;
using Rollouts.Manifests.Fields;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Rollouts.Manifests.Migration;

/// <summary>Puts the Gateway API in the place of <c>nginx</c> in a file's text and leaves every other character as it is.</summary>
internal static class RoutingRewrite
{
    /// <param name="file">A file that has been read without errors; one without a Rollout stays as it is.</param>
    /// <param name="routes">The HTTPRoutes that take over.</param>
    /// <param name="managed">Names for <c>managedRoutes</c>, which Argo's plugin wants; none when they are given, or not needed.</param>
    /// <param name="maxTrafficWeight">Moves out of nginx, where only ingress-nginx has it; null when it is not given.</param>
    public static ManifestFile Of(ManifestFile file, IReadOnlyList<string> routes, IReadOnlyList<string> managed, int? maxTrafficWeight)
    {
        var stream = new YamlStream();
        using (var reader = new StringReader(file.Text))
            stream.Load(reader);
        foreach (YamlDocument document in stream.Documents)
        {
            if (document.RootNode is not YamlMappingNode root || Child(root, "spec", "strategy", "canary", "trafficRouting") is not YamlMappingNode routing)
                continue;
            foreach ((YamlNode key, YamlNode value) in routing.Children)
            {
                if (key is not YamlScalarNode { Value: "nginx" })
                    continue;
                bool isFlow = routing.Style == MappingStyle.Flow;
                bool hasWeight = maxTrafficWeight is not null && Child(routing, "maxTrafficWeight") is null;
                string text = isFlow
                    ? Flow(routes, managed, hasWeight ? maxTrafficWeight : null)
                    : Block(routes, managed, hasWeight ? maxTrafficWeight : null, (int)key.Start.Column - 1);
                int start = (int)key.Start.Index;
                return file with { Text = file.Text[..start] + text + file.Text[EndOf(value, file.Text)..] };
            }
        }

        return file;
    }

    private static string Flow(IReadOnlyList<string> routes, IReadOnlyList<string> managed, int? weight)
    {
        string route = routes is [var only]
            ? $"httpRoute: {only}"
            : $"httpRoutes: [{string.Join(", ", routes.Select(r => $"{{name: {r}, useHeaderRoutes: true}}"))}]";
        string names = managed.Count == 0 ? "" : $", managedRoutes: [{string.Join(", ", managed.Select(m => $"{{name: {Quoted(m)}}}"))}]";
        return $"plugins: {{{RoutingFields.GatewayApiPlugin}: {{{route}}}}}{names}{(weight is null ? "" : $", maxTrafficWeight: {weight}")}";
    }

    private static string Block(IReadOnlyList<string> routes, IReadOnlyList<string> managed, int? weight, int column)
    {
        string indent = new(' ', column);
        List<string> lines = ["plugins:", $"{indent}  {RoutingFields.GatewayApiPlugin}:"];
        if (routes is [var only])
        {
            lines.Add($"{indent}    httpRoute: {only}");
        }
        else
        {
            lines.Add($"{indent}    httpRoutes:");
            lines.AddRange(routes.Select(r => $"{indent}    - {{ name: {r}, useHeaderRoutes: true }}"));
        }

        if (managed.Count > 0)
        {
            lines.Add($"{indent}managedRoutes:");
            lines.AddRange(managed.Select(m => $"{indent}- name: {Quoted(m)}"));
        }

        if (weight is not null)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{indent}maxTrafficWeight: {weight}"));
        return string.Join('\n', lines);
    }

    private static string Quoted(string name) => name.All(c => char.IsAsciiLetter(c) || c == '-') ? name : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>
    /// Where the value that begins at a place ends. One in block style ends with its last scalar, before comments and blank lines that follow.
    /// </summary>
    private static int EndOf(YamlNode value, string text)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var open = new Stack<(long Start, bool IsFlow)>();
        long last = 0;
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case MappingStart mapping:
                    open.Push((mapping.Start.Index, mapping.Style == MappingStyle.Flow));
                    continue;
                case SequenceStart sequence:
                    open.Push((sequence.Start.Index, sequence.Style == SequenceStyle.Flow));
                    continue;
                case MappingEnd or SequenceEnd:
                    (long start, bool isFlow) = open.Pop();
                    // The mark is that of the bracket, not of what comes after it.
                    last = isFlow ? parser.Current.End.Index + 1 : last;
                    if (start == value.Start.Index)
                        return (int)last;
                    continue;
                case Scalar or AnchorAlias:
                    last = parser.Current.End.Index;
                    continue;
            }
        }

        return (int)last;
    }

    private static YamlNode? Child(YamlMappingNode mapping, params IReadOnlyList<string> path)
    {
        YamlNode? node = mapping;
        foreach (string key in path)
            node = node is YamlMappingNode parent ? parent.Children.FirstOrDefault(c => c.Key is YamlScalarNode scalar && scalar.Value == key).Value : null;
        return node;
    }
}
