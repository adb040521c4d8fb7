using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Rollouts.Tests.Fuzzing;

/// <summary>
/// The processor time of the current thread, so that what other processes do to a busy machine does not count. Where it can't be had it is the time of day.
/// </summary>
internal static class ThreadTime
{
    private const int LinuxThreadClock = 3;

    public static TimeSpan Now =>
        OperatingSystem.IsLinux() && clock_gettime(LinuxThreadClock, out Timespec time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
            : Stopwatch.GetElapsedTime(0);

    /// <summary>What an act takes.</summary>
    public static TimeSpan Of(Action act)
    {
        TimeSpan start = Now;
        act();
        return Now - start;
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
