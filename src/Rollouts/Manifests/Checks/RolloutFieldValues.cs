using Rollouts.Analysis.Arguments;
using Rollouts.Manifests.Documents;
using Rollouts.Policy;

namespace Rollouts.Manifests.Checks;

/// <summary>The fields of a Rollout that arguments take their values from.</summary>
internal sealed class RolloutFieldValues(MappingNode? root, IEnumerable<string> paths)
{
    private readonly Dictionary<string, string> problems = new(StringComparer.Ordinal);
    private SortedDictionary<string, string>? values;

    /// <summary>By path; what is not there is left out.</summary>
    public IReadOnlyDictionary<string, string> Values => values ??= Read();

    /// <summary>Why a path leads to no value; null when it leads to one.</summary>
    public string? ProblemOf(string path) => Values.ContainsKey(path) ? null : problems.GetValueOrDefault(path);

    /// <summary>What an analysis is resolved in before the cluster has been asked for hashes.</summary>
    public AnalysisContext Context(string hash, string ns, RolloutPolicy policy) =>
        new() { StableHash = hash, CanaryHash = hash, Namespace = ns, Fields = Values, Policy = policy };

    private SortedDictionary<string, string> Read()
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in paths.Distinct())
        {
            if (root is null)
                continue;
            if (FieldPaths.TryRead(root, path, out string? value, out string? problem))
                read.Add(path, value);
            else
                problems[path] = problem;
        }

        return read;
    }
}
