namespace Rollouts.Sandbox.Processes;

/// <summary>What to start, and what to say when it cannot be started.</summary>
public sealed record ChildProcessOptions
{
    /// <summary>The program's name, looked up on the PATH and in the system's sbin folders. Required.</summary>
    public required string Program { get; init; }

    /// <summary>The Debian package that holds the program; named in the error when the program is missing. Required.</summary>
    public required string DebianPackage { get; init; }

    /// <summary>The arguments, one element each; no shell reads them. Default: none.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The folder that the program runs in. Required.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>How long the program may take to end after SIGTERM before it is killed. Default: 5 seconds.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
