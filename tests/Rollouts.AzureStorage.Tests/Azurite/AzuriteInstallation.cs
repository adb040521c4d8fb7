using System.ComponentModel;
using System.Diagnostics;

namespace Rollouts.AzureStorage.Tests.Azurite;

/// <summary>Azurite from npm, in a cache folder outside of the tree, installed once.</summary>
internal static class AzuriteInstallation
{
    private const string Version = "3.35.0";
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    /// <summary>The folder; another one can be named by <c>ROLLOUTS_TEST_CACHE</c>.</summary>
    private static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("ROLLOUTS_TEST_CACHE") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "rollouts-tests"),
        $"azurite-{Version}");

    /// <summary>The script that node runs.</summary>
    public static async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        string script = Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (File.Exists(script))
        {
            return script;
        }

        // Installed aside and moved, so that two test runs at once, or one that breaks off, never leave half of it.
        string aside = $"{Folder}.{Environment.ProcessId}";
        Directory.CreateDirectory(aside);
        await RunAsync("npm", ["install", "--prefix", aside, "--no-audit", "--no-fund", "--loglevel=error", $"azurite@{Version}"], cancellationToken);
        try
        {
            Directory.Move(aside, Folder);
        }
        catch (IOException) when (File.Exists(script))
        {
            Directory.Delete(aside, recursive: true);
        }

        return script;
    }

    public static Process Start(string program, IEnumerable<string> arguments, string cure)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"{program} is not there: {cure}", missing);
        }
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using Process process = Start(program, arguments, "the tests install Azurite with npm; install Node.js with npm");
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(InstallLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took longer than {InstallLimit}");
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output} {await errors}");
        }
    }
}
