using Microsoft.Extensions.Logging;

namespace RolloutFunctions;

/// <summary>Log messages of the durable app: event ids 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "Rollout {Rollout} started by {By}")]
    public static partial void RolloutStarted(this ILogger logger, string rollout, string by);

    [LoggerMessage(3001, LogLevel.Information, "Rollout {Rollout}: {Command} by {By} over {Channel}")]
    public static partial void Decided(this ILogger logger, string rollout, string command, string by, string channel);

    [LoggerMessage(3002, LogLevel.Warning, "Rollout {Rollout} has not read decision {Sequence} within {Limit}; the watchdog wakes it again")]
    public static partial void DecisionUnread(this ILogger logger, string rollout, long sequence, TimeSpan limit);

    [LoggerMessage(3003, LogLevel.Information, "Rollout {Rollout} could not be woken")]
    public static partial void WakeRefused(this ILogger logger, string rollout, Exception refusal);

    [LoggerMessage(3005, LogLevel.Warning, "Rollout {Rollout} has finished; {Command} by {By} over {Channel} comes too late and stands nowhere else")]
    public static partial void DecidedTooLate(this ILogger logger, string rollout, string command, string by, string channel);

    [LoggerMessage(3010, LogLevel.Error, "Rollout {Rollout}: {Reason}; its canary's traffic is taken away")]
    public static partial void Rescuing(this ILogger logger, string rollout, string reason);

    [LoggerMessage(3011, LogLevel.Error, "Rollout {Rollout} could not be looked after, trying again in a minute")]
    public static partial void WatchFailed(this ILogger logger, string rollout, Exception failure);

    [LoggerMessage(3012, LogLevel.Warning, "Rollout {Rollout} is suspended by an operator: it does nothing until it is resumed")]
    public static partial void Suspended(this ILogger logger, string rollout);

    [LoggerMessage(3013, LogLevel.Error, "Target {Target}: {What}")]
    public static partial void LeaseAbandoned(this ILogger logger, string target, string what);

    [LoggerMessage(3014, LogLevel.Error, "Target {Target} could not be looked after, trying again in five minutes")]
    public static partial void LeaseWatchFailed(this ILogger logger, string target, Exception failure);
}
