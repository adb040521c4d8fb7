using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads the names of one or several objects of which either one field or another tells.</summary>
internal static class ObjectNames
{
    /// <summary>Null when something is wrong that has been reported.</summary>
    /// <param name="reader">Where both fields stand.</param>
    /// <param name="one">The field with one name.</param>
    /// <param name="several">The field with a list.</param>
    /// <param name="choice">Both fields as Argo's message names them, for instance <c>StableIngress or StableIngresses</c>.</param>
    /// <param name="kind">For a person, for instance <c>ingress</c>.</param>
    public static string[]? Read(FieldReader reader, string one, string several, string choice, string kind)
    {
        IReadOnlyList<Element> list = reader.List(several);
        if (reader.Has(one) && list.Count > 0)
        {
            reader.Problems.Error(reader.At(several), $"Either {choice} must be configured. Both are configured.");
            return null;
        }

        if (list.Count == 0 && reader.Given(several) is { Node: not SequenceNode { Items.Count: 0 } })
            return null;
        if (!reader.Has(one) && list.Count == 0)
        {
            reader.Problems.Error(reader.Place, $"Either {choice} must be configured. Neither are configured.");
            return null;
        }

        string?[] names = list.Count == 0 ? [reader.ObjectName(one)] : [.. list.Select(i => i.ObjectName(reader.Problems))];
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] is { } name && Array.IndexOf(names, name) < i)
                reader.Problems.Error(list[i].Place, $"names {name} a second time; name each {kind} once");
        }

        return names.Contains(null) ? null : [.. names.OfType<string>()];
    }
}
