using Rollouts.Manifests;

namespace Rollouts.Cli.Remote;

/// <summary>Several files as the one text that is posted; finds the file again that a line of it came from.</summary>
internal sealed class JoinedManifests
{
    private const string Between = "\n---\n";
    private readonly List<(int FirstLine, string Name)> files = [];

    public JoinedManifests(IReadOnlyList<ManifestFile> manifests)
    {
        Text = string.Join(Between, manifests.Select(m => m.Text.TrimStart('\uFEFF')));
        int line = 1;
        foreach (ManifestFile manifest in manifests)
        {
            files.Add((line, manifest.Name));
            line += (manifest.Text + Between).Count(c => c == '\n');
        }
    }

    public string Text { get; }

    /// <summary>The file and the line in it.</summary>
    public (string File, int Line) Locate(int line)
    {
        (int first, string name) = files.FindLast(f => f.FirstLine <= line) is { Name: not null } found ? found : files[0];
        return (name, line - first + 1);
    }
}
