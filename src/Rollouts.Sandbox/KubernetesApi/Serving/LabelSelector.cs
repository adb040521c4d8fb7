using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>The <c>labelSelector</c> of a list or watch: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
internal sealed partial class LabelSelector
{
    private readonly List<(string Key, bool Wanted, HashSet<string>? Values)> requirements = [];

    /// <exception cref="ApiFailure">400 for a selector that cannot be read.</exception>
    public LabelSelector(string text)
    {
        foreach (var part in Parts().Split(text).Select(p => p.Trim()).Where(p => p.Length > 0))
        {
            var match = Requirement().Match(part);
            if (!match.Success)
            {
                throw ApiFailure.BadRequest($"unable to parse requirement: {part}");
            }

            requirements.Add(Read(match.Groups));
        }
    }

    public bool Matches(JsonObject value)
    {
        var labels = value.Labels().ToDictionary();
        return requirements.TrueForAll(r => r.Values is null
            ? labels.ContainsKey(r.Key) == r.Wanted
            : (labels.TryGetValue(r.Key, out var label) && r.Values.Contains(label)) == r.Wanted);
    }

    private static (string Key, bool Wanted, HashSet<string>? Values) Read(GroupCollection groups) => groups switch
    {
        _ when groups["set"].Success => (groups["key"].Value, !groups["not"].Success, [.. groups["set"].Value.Split(',').Select(v => v.Trim())]),
        _ when groups["op"].Success => (groups["key"].Value, groups["op"].Value != "!=", [groups["value"].Value]),
        _ => (groups["key"].Value, !groups["absent"].Success, null),
    };

    // Commas inside parentheses belong to a set.
    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Parts();

    [GeneratedRegex(@"^(?<absent>!\s*)?(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)(\s+(?<not>not)?in\s*\(\s*(?<set>[-A-Za-z0-9_., ]*)\)|\s*(?<op>==|=|!=)\s*(?<value>[-A-Za-z0-9_.]*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Requirement();
}
