using System.Diagnostics;
using System.Globalization;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>A server process that ends with the test run, and after half an hour even when that is killed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan s_stopTime = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log) => (_process, _log) = (process, log);

    public bool HasExited => _process.HasExited;

    /// <param name="program">A path or a name on the PATH.</param>
    /// <param name="log">The file that takes its output.</param>
    /// <param name="arguments">Passed as they are.</param>
    public static ChildProcess Start(string program, string log, params string[] arguments)
    {
        // The shell joins both outputs in the file and then becomes timeout, which passes the end signal on.
        string[] shell = ["-c", "exec timeout \"$@\" >\"$0\" 2>&1", log, s_longest.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), program];
        var start = new ProcessStartInfo("/bin/sh", [.. shell, .. arguments]);
        return new(Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started."), log);
    }

    public string LogTail() => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(20)) : "no output";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var signal = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(s_stopTime);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }
}
