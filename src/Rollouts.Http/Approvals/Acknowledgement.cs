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

    public static async Task WithinAsync(Func<CancellationToken, Task> work, TimeProvider time, ILogger logger)
    {
        Task running = RunAsync(work, time, logger);
        using CancellationTokenSource rest = new();
        await Task.WhenAny(running, Task.Delay(Within, time, rest.Token)).ConfigureAwait(false);
        await rest.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>The text that comes in time; null when it goes to <paramref name="late"/> instead.</summary>
    public static async Task<string?> TextWithinAsync(
        Func<CancellationToken, Task<string>> work, Func<string, CancellationToken, Task> late, TimeProvider time, ILogger logger)
    {
        TaskCompletionSource<string?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await WithinAsync(
            async ct =>
            {
                string text;
                try
                {
                    text = await work(ct).ConfigureAwait(false);
                }
                catch (PortException failure)
                {
                    text = $"That did not work: {failure.Message}.";
                }

                if (!answer.TrySetResult(text))
                {
                    await late(text, ct).ConfigureAwait(false);
                }
            },
            time,
            logger).ConfigureAwait(false);
        return answer.TrySetResult(null) ? null : await answer.Task.ConfigureAwait(false);
    }

    private static async Task RunAsync(Func<CancellationToken, Task> work, TimeProvider time, ILogger logger)
    {
        using CancellationTokenSource limit = new(Longest, time);
        try
        {
            await work(limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is PortException or OperationCanceledException or ChatException)
        {
            logger.CallbackFailed(failure.Message);
        }
    }
}
