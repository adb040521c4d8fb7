using Rollouts.Manifests.Checks;
using Rollouts.Manifests.Documents;
using Rollouts.Manifests.Kinds;
using Rollouts.Manifests.Lint;

namespace Rollouts.Manifests;

/// <summary>
/// Reads releases from YAML or JSON. Whatever is wrong is a problem that names file, line and field; no input makes it throw, and every problem
/// shows at once.
/// </summary>
public static class ReleaseReader
{
    /// <summary>Reads what is to be released: exactly one Rollout, its templates, and at most one RolloutPolicy.</summary>
    /// <param name="files">The documents.</param>
    /// <param name="lint">Warns as well of what is valid and bites in practice; null does not.</param>
    public static ReleaseReading Read(IReadOnlyList<ManifestFile> files, LintOptions? lint = null) => Read(files, needsRollout: true, lint);

    /// <summary>Reads templates. A Rollout may be there and is then checked with them; when there is none, templates are checked by themselves.</summary>
    public static ReleaseReading ReadTemplates(IReadOnlyList<ManifestFile> files) => Read(files, needsRollout: false, null);

    /// <summary>What is wrong with any mix of documents. Templates or a policy alone are fine; more than one Rollout is not.</summary>
    /// <param name="files">The documents.</param>
    /// <param name="lint">Warns as well of what is valid and bites in practice; null does not.</param>
    public static IReadOnlyList<ManifestProblem> Validate(IReadOnlyList<ManifestFile> files, LintOptions? lint = null) =>
        Read(files, needsRollout: false, lint).Problems;

    private static ReleaseReading Read(IReadOnlyList<ManifestFile> files, bool needsRollout, LintOptions? lint)
    {
        ArgumentNullException.ThrowIfNull(files);
        var problems = new ProblemList(files);
        if (files.Count == 0)
            problems.Error(new Place("input", 1, ""), "is empty; give a file with a Rollout and its AnalysisTemplates");
        var assembly = new ReleaseAssembly(problems);
        foreach (ManifestFile file in files)
        {
            IReadOnlyList<ManifestDocument> documents = DocumentReader.Read(file, problems, out bool complete);
            foreach (ManifestDocument document in documents)
                assembly.Add(document);
            assembly.IsComplete &= complete;
        }

        Release? release = assembly.Build(needsRollout && files.Count > 0 ? new Place(files[0].Name, 1, "") : null);
        if (lint is not null && !problems.HasErrors)
            assembly.Lint(lint);
        return new ReleaseReading(release, problems.InOrder(), assembly.Templates)
        {
            Missing = assembly.Missing,
            Namespace = assembly.Namespace,
            Cluster = assembly.Cluster,
        };
    }
}
