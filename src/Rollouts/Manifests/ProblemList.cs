namespace Rollouts.Manifests;

/// <summary>Collects problems. Bounded, so that hostile input can't make an answer of any size.</summary>
internal sealed class ProblemList(IReadOnlyList<ManifestFile> files)
{
    /// <summary>How many problems of one severity are listed.</summary>
    public const int Most = 100;

    private readonly HashSet<ManifestProblem> seen = [];
    private readonly List<ManifestProblem> problems = [];
    private int errors;
    private int warnings;

    public bool HasErrors => errors > 0;

    /// <summary>True when no more errors are listed, so that looking for more is of no use.</summary>
    public bool IsFull => errors > Most;

    public void Error(Place place, string message)
    {
        if (errors <= Most && Add(place, ProblemSeverity.Error, errors < Most ? message : $"there are more errors; the first {Most} are listed"))
            errors++;
    }

    /// <param name="place">Where.</param>
    /// <param name="message">What and how to mend it.</param>
    /// <param name="rule">The lint rule that warns; null when none does.</param>
    public void Warning(Place place, string message, string? rule = null)
    {
        if (warnings < Most && Add(place, ProblemSeverity.Warning, message, rule))
            warnings++;
    }

    /// <summary>In the order of the files, then of their lines.</summary>
    public IReadOnlyList<ManifestProblem> InOrder()
    {
        var order = new Dictionary<string, int>();
        foreach (ManifestFile file in files)
            order.TryAdd(file.Name, order.Count);
        return [.. problems.OrderBy(p => order.GetValueOrDefault(p.File, -1)).ThenBy(p => p.Line)];
    }

    private bool Add(Place place, ProblemSeverity severity, string message, string? rule = null)
    {
        var problem = new ManifestProblem(place.File, place.Line, place.Path, severity, message) { Rule = rule };
        if (!seen.Add(problem))
            return false;
        problems.Add(problem);
        return true;
    }
}
