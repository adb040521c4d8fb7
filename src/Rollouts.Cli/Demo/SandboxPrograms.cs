using System.Diagnostics;
using Rollouts.Sandbox.Ingress;
using Rollouts.Sandbox.Processes;
using Rollouts.Sandbox.Prometheus;

namespace Rollouts.Cli.Demo;

/// <summary>Installs what the sandbox runs and this machine lacks, where it may: as root, with apt, and starting no service.</summary>
internal static class SandboxPrograms
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Does nothing when everything is there, or when it may not; the sandbox then names what is missing and the command to install it.</summary>
    public static async Task InstallAsync(TextWriter log, CancellationToken cancellationToken)
    {
        (string Program, string Package)[] needed =
            [(NginxServer.Program, NginxServer.DebianPackage), (PrometheusServer.Program, PrometheusServer.DebianPackage)];
        string[] missing = [.. needed.Where(n => !InstalledPrograms.IsInstalled(n.Program)).Select(n => n.Package)];
        if (missing.Length == 0 || !Environment.IsPrivilegedProcess || !InstalledPrograms.IsInstalled("apt-get"))
        {
            return;
        }

        await log.WriteLineAsync($"installing {string.Join(", ", missing)} with apt …").ConfigureAwait(false);
        await RunAsync(["update", "-qq"], cancellationToken).ConfigureAwait(false);
        await RunAsync(["install", "-y", "-qq", "--no-install-recommends", .. missing], cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("apt-get", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        start.Environment["RUNLEVEL"] = "1";
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(either.Token);
        Task<string> output = process.StandardOutput.ReadToEndAsync(either.Token);
        try
        {
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        await output.ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new InvalidInputException($"apt-get {string.Join(' ', arguments)} failed: {(await error.ConfigureAwait(false)).Trim()}");
        }
    }
}
