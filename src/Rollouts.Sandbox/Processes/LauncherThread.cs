using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rollouts.Sandbox.Processes;

/// <summary>
/// Starts child processes from one thread that lives as long as this process. Linux sends a child's parent-death signal
/// when the thread that started it ends, and the pool's threads come and go.
/// </summary>
internal static class LauncherThread
{
    private static readonly BlockingCollection<Action> Starts = [];
    private static readonly Lazy<Thread> Launcher = new(Run);

    /// <summary>Starts the process and waits until it has been started.</summary>
    public static void Start(Process process)
    {
        _ = Launcher.Value;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        started.Task.GetAwaiter().GetResult();
    }

    private static Thread Run()
    {
        var thread = new Thread(() =>
        {
            foreach (var start in Starts.GetConsumingEnumerable())
                start();
        })
        {
            IsBackground = true,
            Name = "child process launcher",
        };
        thread.Start();
        return thread;
    }
}
