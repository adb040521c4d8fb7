using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Fields;

namespace Rollouts.Manifests.Lint;

/// <summary>What a document tells the linter by its annotations.</summary>
/// <param name="Ignored">The rules that are silent about this document.</param>
/// <param name="ScrapeInterval">How often what it asks for is scraped; null when it does not say.</param>
internal sealed record LintAnnotations(IReadOnlySet<string> Ignored, TimeSpan? ScrapeInterval)
{
    /// <summary>Rules that are silent, with commas between them.</summary>
    public const string Ignore = "rolloutfunctions/lint-ignore";

    /// <summary>A Go duration.</summary>
    public const string Scrape = "rolloutfunctions/scrape-interval";

    public static LintAnnotations None { get; } = new(new HashSet<string>(), null);

    /// <summary>Reads them; one that has no effect is warned of.</summary>
    public static LintAnnotations Read(ManifestDocument document, ProblemList problems)
    {
        if (Field(Field(document.Root, "metadata")?.Value, "annotations") is not { Value: MappingNode annotations })
            return None;
        Place place = document.Place.Field("metadata", document.Place.Line).Field("annotations", annotations.Line);
        var ignored = new HashSet<string>();
        TimeSpan? scrape = null;
        foreach (MappingEntry entry in annotations.Entries)
        {
            if (entry is not { Key: Ignore or Scrape, Value: ScalarNode { Kind: not ScalarKind.Null } text })
                continue;
            Place at = place.Field(entry.Key, entry.Line);
            if (entry.Key == Ignore)
                ignored.UnionWith(ReadRules(text.Text, at, problems));
            else if (GoDuration.TryParse(text.Text, out TimeSpan interval) && interval > TimeSpan.Zero)
                scrape = interval;
            else
                problems.Warning(at, $"has no effect: {Shown.Text(text.Text)} is no duration; write for instance 30s");
        }

        return new LintAnnotations(ignored, scrape);
    }

    private static IEnumerable<string> ReadRules(string text, Place at, ProblemList problems)
    {
        string[] known = [.. LintRules.All.Select(r => r.Name)];
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (known.Contains(name))
                yield return name;
            else
                problems.Warning(at, $"names no lint rule: {Shown.Text(name)}{Spelling.Hint(name, known)}; the rules are {Shown.List(known)}");
        }
    }

    private static MappingEntry? Field(ManifestNode? node, string name) =>
        node is MappingNode mapping ? mapping.Entries.FirstOrDefault(e => e.Key == name) : null;
}
