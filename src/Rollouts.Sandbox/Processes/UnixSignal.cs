using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Rollouts.Sandbox.Processes;

/// <summary>The signals that the sandbox sends, by their numbers on Linux.</summary>
public enum UnixSignal
{
    /// <summary>SIGHUP: nginx reads its configuration again.</summary>
    Hangup = 1,

    /// <summary>SIGKILL: end at once.</summary>
    Kill = 9,

    /// <summary>SIGTERM: end in order.</summary>
    Terminate = 15,
}

internal static class UnixSignals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal by process id, or by group when that is negative; one that has just ended is no error.</summary>
    public static void Send(int processId, UnixSignal signal)
    {
        if (Kill(processId, (int)signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
            throw new Win32Exception(error);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
