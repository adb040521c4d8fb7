namespace Rollouts.Manifests.Documents;

/// <summary>Puts the fields of an object together: each name once, merge keys (<c>&lt;&lt;</c>) filled in as YAML 1.1 has them.</summary>
internal sealed class MappingBuilder(string file, Trail trail, ProblemList problems)
{
    private readonly List<MappingEntry> entries = [];
    private readonly Dictionary<string, int> lines = [];
    private readonly List<MappingEntry> merged = [];

    public IReadOnlyList<MappingEntry> Entries
    {
        get
        {
            foreach (MappingEntry entry in merged)
            {
                if (lines.TryAdd(entry.Key, entry.Line))
                    entries.Add(entry);
            }

            merged.Clear();
            return entries;
        }
    }

    public void Add(string key, bool plain, int line, ManifestNode value)
    {
        if (!lines.TryAdd(key, line))
            problems.Error(new Place(file, line, trail.Field(key).Path), $"is given twice (first in line {lines[key]}); keep one");
        else if (plain && key == "<<")
            Merge(line, value);
        else
            entries.Add(new MappingEntry(key, line, value));
    }

    private void Merge(int line, ManifestNode value)
    {
        IReadOnlyList<ManifestNode> sources = value is SequenceNode list ? list.Items : [value];
        foreach (ManifestNode source in sources)
        {
            if (source is MappingNode mapping)
                merged.AddRange(mapping.Entries);
            else
                problems.Error(new Place(file, line, trail.Path), $"merges (<<) {source.Description}; only an object can be merged");
        }
    }
}
