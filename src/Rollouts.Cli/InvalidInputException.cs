namespace Rollouts.Cli;

/// <summary>What was given to a command can't be used. The message names the place and the cure; the command ends with <see cref="ExitCode.Invalid"/>.</summary>
public sealed class InvalidInputException(string message) : Exception(message)
{
    /// <summary>Whether a server does not take the key, which it may have taken before: tokens expire.</summary>
    public bool IsKeyRefused { get; init; }
}
