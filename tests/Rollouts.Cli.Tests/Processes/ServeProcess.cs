using System.Diagnostics;
using System.Text.RegularExpressions;
using Rollouts.Cli.Tests.Remote;

namespace Rollouts.Cli.Tests.Processes;

/// <summary><c>rollouts serve</c> as a process of its own.</summary>
internal sealed partial class ServeProcess : IAsyncDisposable
{
    private readonly Process process;

    private ServeProcess(Process process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts the command, and waits until it listens.</summary>
    /// <param name="state">Its state file.</param>
    /// <param name="kubeconfig">Its cluster.</param>
    /// <param name="port">0 takes a free one.</param>
    /// <param name="more">Further options.</param>
    public static async Task<ServeProcess> StartAsync(string state, string kubeconfig, int port, params string[] more)
    {
        Process process = RolloutsProcess.Start(["serve", "--state", state, "--kubeconfig", kubeconfig, "--port", $"{port}", .. more], TestServer.Key);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (Listening().Match(line) is { Success: true } found)
                {
                    // Nobody reads on, but a full pipe would hold it up.
                    _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                    _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                    return new ServeProcess(process, new Uri(found.Groups[1].Value));
                }
            }

            throw new InvalidOperationException($"it did not start: {await process.StandardError.ReadToEndAsync(limit.Token)}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    /// <summary>Ends it from one moment to the next, as a machine that goes away does.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    [GeneratedRegex(@"^listening on (\S+)")]
    private static partial Regex Listening();
}

/// <summary>The command as a process of its own.</summary>
internal static class RolloutsProcess
{
    public static Process Start(string[] arguments, string key)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Rollouts.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ROLLOUTS_KEY"] = key;
        return Process.Start(start)!;
    }
}
