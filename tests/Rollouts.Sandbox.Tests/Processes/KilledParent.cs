using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Rollouts.Sandbox.Processes;

namespace Rollouts.Sandbox.Tests.Processes;

/// <summary>This test program run again, as a process that starts children and then waits to be killed.</summary>
internal static class KilledParent
{
    private const string Marker = "ROLLOUTS_SANDBOX_TESTS_KILLED_PARENT";

    public static Process Start() => Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
    {
        Environment = { [Marker] = "1" },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static async Task<IReadOnlyList<int>> ReadChildrenAsync(Process parent, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var line = await parent.StandardOutput.ReadLineAsync(limit.Token);
        return [.. (line ?? throw new InvalidOperationException("The second process ended.")).Split(' ').Select(int.Parse)];
    }

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The module is a program, and this is its second way to run.")]
    internal static void RunWhenMarked()
    {
        if (Environment.GetEnvironmentVariable(Marker) is null)
            return;

        // No other thread can run code of this assembly before its initializer has ended, which here it never does.
        var first = ChildProcess.Start(Sleep, TimeProvider.System);
        var second = ChildProcess.Start(Sleep, TimeProvider.System);
        Thread.Sleep(TimeSpan.FromMilliseconds(500));
        Console.WriteLine($"{first.Id} {second.Id}");
        Thread.Sleep(TimeSpan.FromSeconds(60));
        Environment.Exit(1);
    }

    private static ChildProcessOptions Sleep =>
        new() { Program = "sleep", DebianPackage = "coreutils", Arguments = ["65"], WorkingDirectory = "/" };
}
