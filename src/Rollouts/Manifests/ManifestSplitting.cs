using Rollouts.Manifests.Documents;

namespace Rollouts.Manifests;

/// <summary>Takes a file of several documents apart.</summary>
public static class ManifestSplitting
{
    /// <summary>Each document of a file as JSON, under the file's name. What can't be read is left out.</summary>
    public static IReadOnlyList<ManifestFile> Documents(ManifestFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return [.. DocumentReader.Read(file, new ProblemList([file]), out _).Select(d => new ManifestFile(file.Name, NodeJson.Write(d.Root)))];
    }
}
