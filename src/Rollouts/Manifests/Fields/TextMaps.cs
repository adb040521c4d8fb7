using System.Text.RegularExpressions;
using Rollouts.Manifests.Documents;

namespace Rollouts.Manifests.Fields;

/// <summary>Reads objects whose fields are all texts, as labels and annotations are.</summary>
internal static partial class TextMaps
{
    private const int LongestKey = 253 + 1 + 63;

    /// <summary>Labels; what is none is reported and left out. Empty when the field is not given.</summary>
    public static SortedDictionary<string, string> Labels(this FieldReader reader, string field) => Read(reader, field, (place, value) =>
    {
        if (!LabelValue().IsMatch(value))
        {
            reader.Problems.Error(
                place,
                $"{Shown.Text(value)} is no label value that Kubernetes takes; it must be at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit");
        }
    });

    /// <summary>Annotations; what is none is reported and left out. Empty when the field is not given.</summary>
    public static SortedDictionary<string, string> Annotations(this FieldReader reader, string field) => Read(reader, field, (_, _) => { });

    private static SortedDictionary<string, string> Read(FieldReader reader, string field, Action<Place, string> check)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (reader.Given(field) is not { } given)
            return texts;
        if (given.Node is not MappingNode mapping)
        {
            reader.Problems.Error(given.Place, $"must be an object of texts; found {given.Node.Description}");
            return texts;
        }

        foreach (MappingEntry entry in mapping.Entries)
        {
            Place place = given.Place.Field(entry.Key, entry.Line);
            if (entry.Key.Length > LongestKey || !Key().IsMatch(entry.Key))
                reader.Problems.Error(place, "is no key that Kubernetes takes; it must be NAME or PREFIX/NAME of letters, digits, -, _ and .");
            else if (new Element(entry.Value, place).AsText(reader.Problems) is { } text)
            {
                check(place, text);
                texts.Add(entry.Key, text);
            }
        }

        return texts;
    }

    [GeneratedRegex(@"\A([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Key();

    [GeneratedRegex(@"\A([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValue();
}
