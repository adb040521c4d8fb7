using System.Diagnostics;
using Rollouts.Manifests.Documents;

namespace Rollouts.Manifests.Fields;

/// <summary>A value and where it stands.</summary>
internal sealed record Element(ManifestNode Node, Place Place);

/// <summary>
/// Reads the fields of one object. Opening it reports every field that is not to be there; each further call reports what is wrong with the field
/// that it asks for. A null value counts as not given, as it does for Kubernetes.
/// </summary>
internal sealed class FieldReader
{
    /// <summary>How many items a list may have where no other bound is given.</summary>
    public const int MostItems = 50;

    private readonly FieldSet known;
    private readonly Dictionary<string, Element> fields = [];

    private FieldReader(Place place, FieldSet known, ProblemList problems)
    {
        Place = place;
        this.known = known;
        Problems = problems;
    }

    public Place Place { get; }

    public ProblemList Problems { get; }

    /// <summary>True when the object has fields that were refused; what is missing may be among them.</summary>
    public bool HasReportedFields { get; private set; }

    /// <summary>Null, with a problem, when the value is no object.</summary>
    public static FieldReader? Open(Element element, FieldSet known, ProblemList problems)
    {
        if (element.Node is not MappingNode mapping)
        {
            problems.Error(element.Place, $"must be an object with {Shown.List(known.SupportedNames)}; found {element.Node.Description}");
            return null;
        }

        var reader = new FieldReader(element.Place, known, problems);
        foreach (MappingEntry entry in mapping.Entries)
            reader.Take(entry);
        return reader;
    }

    /// <summary>True when the field is given, and not null.</summary>
    public bool Has(string name) => Find(name) is { Node: not ScalarNode { Kind: ScalarKind.Null } };

    /// <summary>True when the field is given as null.</summary>
    public bool IsNull(string name) => Find(name) is { Node: ScalarNode { Kind: ScalarKind.Null } };

    /// <summary>Where the field stands, or where it would.</summary>
    public Place At(string name) => Find(name)?.Place ?? Place.Field(name, Place.Line);

    /// <summary>The field as it is; null when it is not given.</summary>
    public Element? Given(string name) => Has(name) ? Find(name) : null;

    /// <summary>Reports a field that is not given.</summary>
    /// <returns>True when it is.</returns>
    public bool Require(string name, string meaning)
    {
        if (Has(name))
            return true;
        Problems.Error(At(name), $"is required: {meaning}");
        return false;
    }

    public ScalarNode? Scalar(string name, string allowed) => Given(name) is { } field ? field.AsScalar(allowed, Problems) : null;

    public string? Text(string name) => Given(name)?.AsText(Problems);

    public long? Integer(string name, long least, long most) => Given(name)?.AsInteger(least, most, Problems);

    public bool? Flag(string name)
    {
        if (Given(name) is not { } field)
            return null;
        if (field.Node is ScalarNode { Kind: ScalarKind.Boolean } scalar)
            return PlainScalar.TryBoolean(scalar.Text, out bool value) && value;
        Problems.Error(field.Place, $"must be true or false; found {field.Node.Description}");
        return null;
    }

    public FieldReader? Object(string name, FieldSet set) => Given(name) is { } field ? Open(field, set, Problems) : null;

    /// <summary>The items of a list; none when it is not given, or too long, which is reported.</summary>
    public IReadOnlyList<Element> List(string name, int most = MostItems)
    {
        if (Given(name) is not { } field)
            return [];
        if (field.Node is SequenceNode { Items: var items } && items.Count <= most)
            return [.. items.Select((item, i) => new Element(item, field.Place.Item(i, item.Line)))];
        Problems.Error(
            field.Place,
            field.Node is SequenceNode list ? $"has {list.Items.Count} items; at most {most} are allowed" : $"must be a list; found {field.Node.Description}");
        return [];
    }

    /// <summary>The items of a list of objects; what is no object is reported and left out.</summary>
    public IReadOnlyList<FieldReader> Objects(string name, FieldSet set) =>
        [.. List(name).Select(item => Open(item, set, Problems)).OfType<FieldReader>()];

    private Element? Find(string name)
    {
        Debug.Assert(known.Find(name) is { IsRead: true }, $"{name} is no supported field of {known.Kind} {known.Path}");
        return fields.GetValueOrDefault(name);
    }

    private void Take(MappingEntry entry)
    {
        var field = new Element(entry.Value, Place.Field(entry.Key, entry.Line));
        KnownField? match = known.Find(entry.Key);
        switch (match?.Treatment)
        {
            case FieldTreatment.Supported or FieldTreatment.Beyond:
                fields.Add(entry.Key, field);
                break;
            case FieldTreatment.NoMeaning:
                Problems.Warning(field.Place, $"has no meaning here: {match.Note}");
                break;
            case FieldTreatment.Refused:
                HasReportedFields = true;
                Problems.Error(field.Place, $"not supported: {match.Note}; supported are {Shown.List(known.SupportedNames)}");
                break;
            case null:
                HasReportedFields = true;
                Problems.Error(field.Place, $"unknown field{Spelling.Hint(entry.Key, known.Fields.Select(f => f.Name))}; supported are {Shown.List(known.SupportedNames)}");
                break;
        }
    }
}
