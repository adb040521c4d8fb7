using Rollouts.Analysis;
using Rollouts.Manifests;

namespace Rollouts.Templates;

/// <summary>
/// Analysis templates that an operator ships as files: every <c>.yaml</c>, <c>.yml</c> and <c>.json</c> of a folder, not of those below it. Read once; what
/// is wrong with one shows at the start and not in a release.
/// </summary>
public sealed class TemplateFolder : ITemplateSource
{
    private const long LongestFile = 1024 * 1024;

    private const int MostFiles = 500;

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    private readonly Dictionary<string, ManifestFile> files;

    private TemplateFolder(Dictionary<string, ManifestFile> files) => this.files = files;

    /// <summary>How many templates there are.</summary>
    public int Count => files.Count;

    /// <exception cref="TemplateFolderException">The folder can't be read, or a template in it has errors; the message has all of them.</exception>
    public static TemplateFolder Open(string folder)
    {
        try
        {
            string[] names = [.. Directory.EnumerateFiles(folder)
                .Where(f => Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Take(MostFiles + 1)];
            if (names.Length > MostFiles)
            {
                throw new TemplateFolderException($"{folder}: holds more than {MostFiles} files");
            }

            return Read([.. names.Select(ReadFile)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TemplateFolderException($"{folder}: can't be read: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public Task<ManifestFile?> FindAsync(ClusterNamespace ns, TemplateReference template, CancellationToken cancellationToken) =>
        Task.FromResult(files.GetValueOrDefault(template.Key));

    private static ManifestFile ReadFile(string name) => new FileInfo(name).Length <= LongestFile
        ? new ManifestFile(name, File.ReadAllText(name))
        : throw new TemplateFolderException($"{name}: is longer than {LongestFile} bytes");

    private static TemplateFolder Read(IReadOnlyList<ManifestFile> read)
    {
        // A template may nest one of another file, so that they are checked together.
        ReleaseReading all = ReleaseReader.ReadTemplates(read);
        ManifestProblem[] errors = [.. all.Problems.Where(p => p.Severity == ProblemSeverity.Error && read.Count > 0)];
        if (errors.Length > 0)
        {
            throw new TemplateFolderException(string.Join(Environment.NewLine, errors.Select(e => e.ToString())));
        }

        var files = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        foreach (ManifestFile file in read)
        {
            foreach (ManifestFile one in ManifestSplitting.Documents(file))
            {
                foreach (string key in ReleaseReader.ReadTemplates([one]).Templates.Keys)
                {
                    files[key] = one;
                }
            }
        }

        return new TemplateFolder(files);
    }
}

/// <summary>A folder of templates can't be used; the message says why.</summary>
public sealed class TemplateFolderException(string message) : Exception(message);
