namespace Rollouts.Manifests;

/// <summary>Where something stands in a manifest.</summary>
internal sealed record Place(string File, int Line, string Path)
{
    public Place Field(string name, int line) =>
        new(File, line, Path.Length == 0 ? Shown.Key(name) : $"{Path}.{Shown.Key(name)}");

    public Place Item(int index, int line) => new(File, line, $"{Path}[{index}]");
}
