using Rollouts.Analysis;

namespace Rollouts.Manifests;

/// <summary>
/// Reads a release whose templates may stand elsewhere. What is found becomes part of the release, once and for all: a template that is changed later
/// changes no rollout under way.
/// </summary>
public static class ReleaseIntake
{
    /// <summary>How many templates are looked for.</summary>
    public const int MostSought = 50;

    /// <summary>How long looking for all of them may take.</summary>
    public static readonly TimeSpan SearchLimit = TimeSpan.FromSeconds(30);

    /// <summary>The files with every template added that they name, that they lack, and that is found.</summary>
    /// <param name="files">What was given.</param>
    /// <param name="source">Where to look; null looks nowhere.</param>
    /// <param name="time">For the time limit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PortException">A source can't tell, or takes too long.</exception>
    public static async Task<IReadOnlyList<ManifestFile>> GatherAsync(
        IReadOnlyList<ManifestFile> files, ITemplateSource? source, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (source is null)
        {
            return files;
        }

        using var limit = new CancellationTokenSource(SearchLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await GatherAsync(files, source, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PortException(FailureKind.Transient, $"the templates that the release names were not found within {SearchLimit.TotalSeconds:0} s");
        }
    }

    private static async Task<IReadOnlyList<ManifestFile>> GatherAsync(
        IReadOnlyList<ManifestFile> files, ITemplateSource source, CancellationToken cancellationToken)
    {
        List<ManifestFile> gathered = [.. files];
        HashSet<string> sought = [];
        while (true)
        {
            // What was found may nest templates that were not named before.
            ReleaseReading reading = ReleaseReader.ReadTemplates(gathered);
            TemplateReference[] missing = [.. reading.Missing.Where(m => sought.Add(m.Key)).Take(MostSought - gathered.Count + files.Count)];
            if (missing.Length == 0)
            {
                return gathered;
            }

            foreach (TemplateReference reference in missing)
            {
                if (await source.FindAsync(new(reading.Namespace ?? "default", reading.Cluster), reference, cancellationToken).ConfigureAwait(false) is { } found)
                {
                    gathered.Add(found);
                }
            }
        }
    }
}
