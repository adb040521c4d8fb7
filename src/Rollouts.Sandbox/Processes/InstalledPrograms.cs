namespace Rollouts.Sandbox.Processes;

/// <summary>Finds the programs that the sandbox runs.</summary>
public static class InstalledPrograms
{
    /// <summary>Where Debian keeps servers; an ordinary user's PATH often leaves these folders out.</summary>
    private static readonly string[] SystemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>The full path of a program.</summary>
    /// <param name="program">The program's name, without a folder.</param>
    /// <param name="debianPackage">The package to name when it is missing.</param>
    /// <exception cref="ChildProcessException">It is not installed; the message holds the command that installs it.</exception>
    public static string Find(string program, string debianPackage) =>
        TryFind(program) ?? throw new ChildProcessException(
            $"'{program}' is not installed (looked on the PATH and in {string.Join(", ", SystemFolders)}). "
            + $"On Debian or Ubuntu it comes with the package '{debianPackage}': "
            + $"apt-get install -y --no-install-recommends {debianPackage}");

    private static string? TryFind(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(SystemFolders)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
