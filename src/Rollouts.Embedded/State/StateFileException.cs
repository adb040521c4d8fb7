namespace Rollouts.Embedded.State;

/// <summary>The state file can't be used. The message names the file, what is wrong and the cure.</summary>
public sealed class StateFileException(string path, string message, Exception? inner = null)
    : Exception($"{path}: {message}", inner)
{
    /// <summary>The state file.</summary>
    public string Path { get; } = path;
}
