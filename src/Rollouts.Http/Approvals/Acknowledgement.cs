using Microsoft.Extensions.Logging;
using Rollouts.Approvals.Channels;

namespace Rollouts.Http.Approvals;

/// <summary>
/// Chat wants an answer within seconds, whatever there is to do: the work begins, and what is not done in time goes on after the answer. A decision stands in
/// the journal within the first moments; what may be lost if the process dies then is the word to whoever made it.
/// </summary>
internal static class Acknowledgement
{
    /// <summary>Slack gives up after three seconds.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Begins work and says what came of it, also where it failed; comes back when both are done, or in time.</summary>
    public static Task WithinAsync(
        Func<CancellationToken, Task<string>> work, Func<string, CancellationToken, Task> say, TimeProvider time, ILogger logger) =>
        WaitAsync(RunAsync(work, say, time, logger), time);

    /// <summary>The text that comes in time; null when it goes to <paramref name="late"/> instead.</summary>
    public static async Task<string?> TextWithinAsync(
        Func<CancellationToken, Task<string>> work, Func<string, CancellationToken, Task> late, TimeProvider time, ILogger logger)
    {
        TaskCompletionSource<string?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await WithinAsync(
            work, (text, ct) => answer.TrySetResult(text) ? Task.CompletedTask : late(text, ct), time, logger).ConfigureAwait(false);
        return answer.TrySetResult(null) ? null : await answer.Task.ConfigureAwait(false);
    }

    private static async Task WaitAsync(Task running, TimeProvider time)
    {
        using CancellationTokenSource rest = new();
        await Task.WhenAny(running, Task.Delay(Within, time, rest.Token)).ConfigureAwait(false);
        await rest.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Nobody waits for it to the end, so nothing may leave it: whatever goes wrong is logged here, or nowhere.</summary>
    private static async Task RunAsync(
        Func<CancellationToken, Task<string>> work, Func<string, CancellationToken, Task> say, TimeProvider time, ILogger logger)
    {
        string text;
        using (CancellationTokenSource limit = new(Longest, time))
        {
            text = await TextAsync(work, logger, limit.Token).ConfigureAwait(false);
        }

        // The work may have used up its time; the word about it has its own.
        using CancellationTokenSource last = new(Longest, time);
        try
        {
            await say(text, last.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is PortException or OperationCanceledException or ChatException)
        {
            logger.CallbackFailed(failure.Message);
        }
        catch (Exception fault)
        {
            logger.CallbackBroke(fault);
        }
    }

    private static async Task<string> TextAsync(Func<CancellationToken, Task<string>> work, ILogger logger, CancellationToken limit)
    {
        try
        {
            return await work(limit).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is PortException or ChatException)
        {
            logger.CallbackFailed(failure.Message);
            return $"That did not work: {failure.Message}.";
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            string late = $"it was not done within {Longest.TotalSeconds:0} s";
            logger.CallbackFailed(late);
            return $"That did not work: {late}.";
        }
        catch (Exception fault)
        {
            // What it says may be about anything; it is for the log alone.
            logger.CallbackBroke(fault);
            return "That did not work; the log of the app says why. Ask for the status before you try again.";
        }
    }
}
