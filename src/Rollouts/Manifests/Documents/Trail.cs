namespace Rollouts.Manifests.Documents;

/// <summary>The way from a document's root to a value; its text is made only for a problem.</summary>
internal sealed class Trail
{
    private readonly Trail? parent;
    private readonly string? key;
    private readonly int index;

    private Trail(Trail? parent, string? key, int index)
    {
        this.parent = parent;
        this.key = key;
        this.index = index;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    public static Trail Root { get; } = new(null, null, 0);

    /// <summary>How many lists and objects the value is in.</summary>
    public int Depth { get; }

    public string Path => parent switch
    {
        null => "",
        _ when key is null => $"{parent.Path}[{index}]",
        { parent: null } => Shown.Key(key),
        _ => $"{parent.Path}.{Shown.Key(key)}",
    };

    public Trail Field(string name) => new(this, name, 0);

    public Trail Item(int number) => new(this, null, number);
}
