using System.Diagnostics;
using System.Globalization;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>A server process that ends with the test run, and after half an hour even when that is killed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    private readonly Process process;
    private readonly string log;

    private ChildProcess(Process process, string log) => (this.process, this.log) = (process, log);

    public bool HasExited => process.HasExited;

    /// <param name="program">A path or a name on the PATH.</param>
    /// <param name="log">The file that takes its output.</param>
    /// <param name="arguments">Passed as they are.</param>
    public static ChildProcess Start(string program, string log, params string[] arguments)
    {
        // The shell joins both outputs in the file and then becomes timeout, which passes the end signal on.
        string[] shell = ["-c", "exec timeout \"$@\" >\"$0\" 2>&1", log, Longest.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), program];
        var start = new ProcessStartInfo("/bin/sh", [.. shell, .. arguments]);
        return new(Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started."), log);
    }

    public string LogTail() => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(20)) : "no output";

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var signal = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(StopTime);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }
}
