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
        TryFind(program) ?? throw Missing([(program, debianPackage)]);

    /// <summary>Whether a program can be found.</summary>
    public static bool IsInstalled(string program) => TryFind(program) is not null;

    /// <summary>Checks several programs at once, so that one command installs whatever is missing.</summary>
    /// <exception cref="ChildProcessException">At least one is not installed.</exception>
    public static void Require(params (string Program, string DebianPackage)[] programs)
    {
        var missing = programs.Where(program => TryFind(program.Program) is null).ToList();
        if (missing.Count > 0)
            throw Missing(missing);
    }

    private static ChildProcessException Missing(IReadOnlyCollection<(string Program, string DebianPackage)> programs)
    {
        var names = string.Join(" and ", programs.Select(program => $"'{program.Program}'"));
        var packages = string.Join(' ', programs.Select(program => program.DebianPackage).Distinct());
        return new(
            $"Not installed: {names} (looked on the PATH and in {string.Join(", ", SystemFolders)}). "
            + $"On Debian or Ubuntu, as root: apt-get install -y --no-install-recommends {packages}");
    }

    private static string? TryFind(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(SystemFolders)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
