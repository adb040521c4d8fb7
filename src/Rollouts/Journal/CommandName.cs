namespace Rollouts.Journal;

/// <summary>Commands as they stand in paths, files and messages.</summary>
public static class CommandName
{
    private static readonly Dictionary<string, Command> Commands = new(StringComparer.Ordinal)
    {
        ["promote"] = Command.Promote,
        ["promote-full"] = Command.PromoteFull,
        ["abort"] = Command.Abort,
        ["retry"] = Command.Retry,
        ["pause"] = Command.Pause,
        ["resume"] = Command.Resume,
        ["restart"] = Command.Restart,
    };

    /// <summary>All that people may give, for messages.</summary>
    public static string All { get; } = string.Join(", ", Commands.Keys);

    public static string Of(Command command) => command == Command.Supersede ? "supersede" : Commands.First(c => c.Value == command).Key;

    public static bool TryParse(string name, out Command command) => Commands.TryGetValue(name, out command);
}
