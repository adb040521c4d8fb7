using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>The <c>fieldSelector</c> of a list or watch, by name and namespace as every kind takes it.</summary>
internal sealed class FieldSelector
{
    private readonly List<(Func<JsonObject, string> Field, bool Equal, string Value)> terms = [];

    /// <exception cref="ApiFailure">400 for another field or a selector that cannot be read.</exception>
    public FieldSelector(string text)
    {
        foreach (var term in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = term.IndexOf('=');
            if (at < 1)
            {
                throw ApiFailure.BadRequest($"invalid selector: '{text}'; can't understand '{term}'");
            }

            var equal = term[at - 1] != '!';
            var field = term[..(equal ? at : at - 1)];
            var value = term[(at + 1)..].TrimStart('=');
            terms.Add((Reader(field), equal, value));
        }
    }

    public bool Matches(JsonObject value) => terms.TrueForAll(t => t.Field(value) == t.Value == t.Equal);

    private static Func<JsonObject, string> Reader(string field) => field switch
    {
        "metadata.name" => v => v.Name(),
        "metadata.namespace" => v => v.Namespace(),
        _ => throw ApiFailure.BadRequest($"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""),
    };
}
