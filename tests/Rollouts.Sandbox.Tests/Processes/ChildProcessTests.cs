using System.Diagnostics;
using Rollouts.Sandbox.Processes;

namespace Rollouts.Sandbox.Tests.Processes;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Start_ProgramMissing_NamesPackageAndCommand()
    {
        var error = Assert.Throws<ChildProcessException>(
            () => ChildProcess.Start(Command("no-such-program") with { DebianPackage = "some-package" }, TimeProvider.System));

        Assert.Contains("Not installed: 'no-such-program'", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install -y --no-install-recommends some-package", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitUntilReady_ProgramEnds_ReportsExitCodeAndLastLines()
    {
        await using var child = ChildProcess.Start(Shell("echo out; echo bad setting >&2; exit 3"), TimeProvider.System);

        var error = await Assert.ThrowsAsync<ChildProcessException>(
            () => child.WaitUntilReadyAsync(_ => Task.FromResult(false), Patience, Cancellation));

        Assert.Contains("'sh' ended with exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("bad setting", error.Message, StringComparison.Ordinal);
        Assert.Contains("out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitUntilReady_NeverReady_ReportsLastLines()
    {
        await using var child = ChildProcess.Start(Shell("echo still starting; sleep 60"), TimeProvider.System);

        var error = await Assert.ThrowsAsync<ChildProcessException>(
            () => child.WaitUntilReadyAsync(_ => Task.FromResult(false), TimeSpan.FromMilliseconds(500), Cancellation));

        Assert.Contains("was not ready within 0.5 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("still starting", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitUntilReady_Cancelled_IsCancelledAndNotAnError()
    {
        await using var child = ChildProcess.Start(Shell("sleep 60"), TimeProvider.System);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => child.WaitUntilReadyAsync(_ => Task.FromResult(false), Patience, cancellation.Token));
    }

    [Fact]
    public async Task Start_ManyLines_KeepsTheLast()
    {
        await using var child = ChildProcess.Start(Shell("for i in $(seq 1 500); do echo line $i; done; sleep 60"), TimeProvider.System);

        await child.WaitUntilReadyAsync(
            _ => Task.FromResult(child.LastOutput.EndsWith("line 500", StringComparison.Ordinal)), Patience, Cancellation);

        Assert.StartsWith("line 461\n", child.LastOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_Id_IsTheProgramsOwn()
    {
        await using var child = ChildProcess.Start(Shell("exec sleep 61"), TimeProvider.System);

        await child.WaitUntilReadyAsync(_ => Task.FromResult(CommandLine(child.Id) == "sleep 61"), Patience, Cancellation);
    }

    [Fact]
    public async Task Dispose_ProgramThatIgnoresSigterm_IsKilledWithItsChildren()
    {
        var child = ChildProcess.Start(
            Shell("trap '' TERM; sleep 62 & echo $!; wait; sleep 63") with { StopTimeout = TimeSpan.FromMilliseconds(300) }, TimeProvider.System);
        await child.WaitUntilReadyAsync(_ => Task.FromResult(int.TryParse(child.LastOutput, out int _)), Patience, Cancellation);
        var grandchild = int.Parse(child.LastOutput);
        var id = child.Id;

        await child.DisposeAsync();

        await AssertGoneAsync(id, grandchild);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("echo no >&2; exit 7", 7)]
    public async Task Run_ToItsEnd_GivesExitCode(string script, int expected)
    {
        var (exitCode, _) = await ChildProcess.RunAsync(Shell(script), Patience, TimeProvider.System, Cancellation);

        Assert.Equal(expected, exitCode);
    }

    [Fact]
    public async Task Run_TooLong_IsStoppedAndReported()
    {
        var watch = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<ChildProcessException>(
            () => ChildProcess.RunAsync(Shell("exec sleep 64"), TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancellation));

        Assert.Contains("did not end within 0.2 s", error.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    /// <summary>
    /// The test program starts itself again as a process that starts two sleeping children (see <see cref="KilledParent"/>),
    /// and kills it with SIGKILL: what is left to end the children is the kernel.
    /// </summary>
    [Fact]
    public async Task Start_ParentKilled_ChildrenEndToo()
    {
        using var parent = KilledParent.Start();
        IReadOnlyList<int> children;
        try
        {
            children = await KilledParent.ReadChildrenAsync(parent, Cancellation);
            Assert.All(children, child => Assert.EndsWith("sleep 65", CommandLine(child), StringComparison.Ordinal));
        }
        finally
        {
            parent.Kill();
        }

        await AssertGoneAsync([.. children]);
    }

    [Fact]
    public async Task Start_OnThreadThatEnds_ChildLivesOn()
    {
        ChildProcess? child = null;
        var thread = new Thread(() => child = ChildProcess.Start(Shell("exec sleep 66"), TimeProvider.System));
        thread.Start();
        thread.Join();
        await using var started = child!;

        await Task.Delay(TimeSpan.FromMilliseconds(500), Cancellation);

        Assert.False(started.HasExited, "The child ended with the thread that started it.");
    }

    private static async Task AssertGoneAsync(params int[] processes)
    {
        using var limit = new CancellationTokenSource(Patience);
        foreach (var process in processes)
        {
            while (CommandLine(process).Length > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    /// <summary>Empty when the process is gone, also when it still waits for its parent to notice.</summary>
    private static string CommandLine(int process) =>
        File.Exists($"/proc/{process}/cmdline") ? File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ').Trim() : "";

    private static ChildProcessOptions Shell(string script) => Command("sh", "-c", script);

    private static ChildProcessOptions Command(string program, params string[] arguments) => new()
    {
        Program = program,
        DebianPackage = "dash",
        Arguments = arguments,
        WorkingDirectory = "/",
    };
}
