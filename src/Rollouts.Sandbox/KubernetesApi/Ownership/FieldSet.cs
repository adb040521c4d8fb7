using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

namespace Rollouts.Sandbox.KubernetesApi.Ownership;

/// <summary>
/// A set of field paths, as <c>managedFields</c> writes it: a tree whose steps are <c>f:name</c>, <c>k:{…}</c> (a list item by its keys)
/// or <c>v:…</c> (a list item by its value). A node may be in the set itself, beside what is below it.
/// </summary>
internal sealed class FieldSet
{
    public static readonly FieldSet Empty = new(false, ImmutableSortedDictionary.Create<string, FieldSet>(StringComparer.Ordinal));

    private readonly ImmutableSortedDictionary<string, FieldSet> steps;

    private FieldSet(bool isMember, ImmutableSortedDictionary<string, FieldSet> children) => (IsMember, steps) = (isMember, children);

    public bool IsMember { get; }

    public bool HasChildren => steps.Count > 0;

    public bool IsEmpty => !IsMember && steps.Count == 0;

    public static FieldSet Read(JsonObject fields)
    {
        var isMember = fields.Count == 0 || fields.ContainsKey(".");
        var children = fields.Where(f => f.Key != ".").Select(f => KeyValuePair.Create(f.Key, Read(f.Value as JsonObject ?? [])));
        return new(isMember, Empty.steps.AddRange(children));
    }

    public JsonObject Write()
    {
        var fields = new JsonObject();
        if (IsMember && steps.Count > 0)
        {
            fields["."] = new JsonObject();
        }

        foreach (var (step, child) in steps)
        {
            fields[step] = child.Write();
        }

        return fields;
    }

    /// <summary>What is below a step.</summary>
    public FieldSet At(string step) => steps.GetValueOrDefault(step, Empty);

    /// <summary>This set with another one below a step.</summary>
    public FieldSet With(string step, FieldSet child) => new(IsMember, child.IsEmpty ? steps.Remove(step) : steps.SetItem(step, child));

    public FieldSet AsMember() => IsMember ? this : new(true, steps);

    public FieldSet Union(FieldSet other)
    {
        var children = steps;
        foreach (var (step, child) in other.steps)
        {
            children = children.SetItem(step, At(step).Union(child));
        }

        return new(IsMember || other.IsMember, children);
    }

    public FieldSet Except(FieldSet other)
    {
        var result = new FieldSet(IsMember && !other.IsMember, steps);
        foreach (var (step, child) in other.steps)
        {
            result = result.With(step, result.At(step).Except(child));
        }

        return result;
    }

    public FieldSet Intersect(FieldSet other)
    {
        var result = new FieldSet(IsMember && other.IsMember, Empty.steps);
        foreach (var (step, child) in steps)
        {
            result = result.With(step, child.Intersect(other.At(step)));
        }

        return result;
    }

    /// <summary>The members as conflicts name them: <c>.spec.ports[port=80,protocol="TCP"].name</c>.</summary>
    public IEnumerable<string> Paths() => Paths("");

    public bool SetEquals(FieldSet other) => JsonNode.DeepEquals(Write(), other.Write()) && IsEmpty == other.IsEmpty;

    private IEnumerable<string> Paths(string prefix) =>
        (IsMember ? [prefix] : Enumerable.Empty<string>()).Concat(steps.SelectMany(c => c.Value.Paths(prefix + Show(c.Key))));

    private static string Show(string step)
    {
        var text = step[2..];
        if (step[0] != 'k')
        {
            return step[0] == 'v' ? $"[={text}]" : "." + text;
        }

        var shown = new StringBuilder("[");
        foreach (var (key, value) in JsonNode.Parse(text) as JsonObject ?? [])
        {
            shown.Append(shown.Length > 1 ? "," : "").Append(key).Append('=').Append(value?.ToJsonString());
        }

        return shown.Append(']').ToString();
    }
}
