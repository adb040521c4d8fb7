using System.ComponentModel;
using System.Diagnostics;

namespace Rollouts.Sandbox.Processes;

/// <summary>
/// A program that runs for the sandbox and ends with it: stopped when disposed, and sent SIGTERM by the kernel when this
/// process dies in any other way, SIGKILL included.
/// </summary>
/// <remarks>
/// It runs in a session of its own, so that a Ctrl-C at the terminal reaches only this process, which then stops its
/// children in order.
/// </remarks>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly ChildProcessOptions options;
    private readonly TimeProvider time;
    private readonly Process process;
    private readonly OutputTail output = new();
    private readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(ChildProcessOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        process = new Process { StartInfo = StartInfo(options), EnableRaisingEvents = true };
        process.Exited += (_, _) => exited.TrySetResult();
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
    }

    /// <summary>The process id of the program itself.</summary>
    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The last lines that the program wrote to its standard output and error.</summary>
    public string LastOutput => output.ToString();

    /// <summary>Starts a program.</summary>
    /// <exception cref="ChildProcessException">The program is missing or cannot be executed.</exception>
    public static ChildProcess Start(ChildProcessOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var child = new ChildProcess(options, time);
        try
        {
            LauncherThread.Start(child.process);
        }
        catch (Win32Exception e)
        {
            child.process.Dispose();
            throw new ChildProcessException($"'{options.Program}' could not be started: {e.Message}", e);
        }

        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code and the last lines of its output.</returns>
    /// <exception cref="ChildProcessException">The program is missing or did not end within <paramref name="timeout"/>.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        ChildProcessOptions options, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var child = Start(options, time);
        using var limit = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await child.process.WaitForExitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new ChildProcessException($"'{options.Program}' did not end within {timeout.TotalSeconds:0.#} s:\n{child.LastOutput}");
        }

        return (child.process.ExitCode, child.LastOutput);
    }

    /// <summary>Waits until <paramref name="isReady"/> says so, asking every 20 ms.</summary>
    /// <exception cref="ChildProcessException">The program ended, or was not ready in time; the message holds its last lines.</exception>
    public async Task WaitUntilReadyAsync(
        Func<CancellationToken, Task<bool>> isReady, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isReady);
        using var limit = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (!await isReady(linked.Token))
            {
                if (process.HasExited)
                    await ThrowExitedAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, linked.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ChildProcessException(
                $"'{options.Program}' (process {Id}) was not ready within {timeout.TotalSeconds:0.#} s. Its last lines:\n{LastOutput}");
        }
    }

    public void Send(UnixSignal signal)
    {
        if (!process.HasExited)
            UnixSignals.Send(process.Id, signal);
    }

    /// <summary>Ends the program: SIGTERM first, then SIGKILL for whatever is left of it and its children.</summary>
    public async Task StopAsync()
    {
        Send(UnixSignal.Terminate);
        await Task.WhenAny(exited.Task, Task.Delay(options.StopTimeout, time));

        // The program leads a process group of its own, to which its children belong.
        UnixSignals.Send(-process.Id, UnixSignal.Kill);
        await exited.Task.WaitAsync(options.StopTimeout, time);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    private static ProcessStartInfo StartInfo(ChildProcessOptions options) =>
        new(
            InstalledPrograms.Find("setsid", "util-linux"),
            [
                InstalledPrograms.Find("setpriv", "util-linux"), "--pdeathsig", "TERM", "--",
                InstalledPrograms.Find(options.Program, options.DebianPackage), .. options.Arguments,
            ])
        {
            WorkingDirectory = options.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    private async Task ThrowExitedAsync(CancellationToken cancellationToken)
    {
        // The exit can be seen before the last lines have been read.
        await process.WaitForExitAsync(cancellationToken);
        throw new ChildProcessException($"'{options.Program}' ended with exit code {process.ExitCode}. Its last lines:\n{LastOutput}");
    }
}
