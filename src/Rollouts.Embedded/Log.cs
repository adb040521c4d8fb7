using Microsoft.Extensions.Logging;

namespace Rollouts.Embedded;

/// <summary>Log messages of the embedded engine: event ids 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "State file {Path} opened")]
    public static partial void StateOpened(this ILogger logger, string path);

    [LoggerMessage(2001, LogLevel.Information, "Engine runs; {UnderWay} rollouts had effects under way when it last ended")]
    public static partial void EngineRuns(this ILogger logger, int underWay);

    [LoggerMessage(2002, LogLevel.Information, "Engine stopped")]
    public static partial void EngineStopped(this ILogger logger);

    [LoggerMessage(2003, LogLevel.Warning, "{Count} effects did not end within {Limit} of the stop and were broken off; the next start repeats them")]
    public static partial void EffectsBrokenOff(this ILogger logger, int count, TimeSpan limit);

    [LoggerMessage(2010, LogLevel.Information, "Rollout {Rollout} started by {By}")]
    public static partial void RolloutStarted(this ILogger logger, string rollout, string by);

    [LoggerMessage(2011, LogLevel.Information, "Rollout {Rollout}: {Command} by {By} over {Channel}")]
    public static partial void Decided(this ILogger logger, string rollout, string command, string by, string channel);

    [LoggerMessage(2012, LogLevel.Information, "Rollout {Rollout} finished: {Outcome}")]
    public static partial void RolloutFinished(this ILogger logger, string rollout, string outcome);

    [LoggerMessage(2013, LogLevel.Warning, "Rollout {Rollout} has finished; {Command} by {By} over {Channel} comes too late and stands nowhere else")]
    public static partial void DecidedTooLate(this ILogger logger, string rollout, string command, string by, string channel);

    [LoggerMessage(2020, LogLevel.Error, "Rollout {Rollout}: the turn failed, trying again in {Rest}")]
    public static partial void TurnFailed(this ILogger logger, string rollout, TimeSpan rest, Exception fault);

    [LoggerMessage(2021, LogLevel.Error, "The stored state of the rollout with key {Key} can't be read, trying again in {Rest}")]
    public static partial void StateUnreadable(this ILogger logger, long key, TimeSpan rest, Exception fault);

    [LoggerMessage(2022, LogLevel.Error, "Rollout {Rollout}: {Effect} failed in an unexpected way")]
    public static partial void EffectFaulted(this ILogger logger, string rollout, string effect, Exception fault);

    [LoggerMessage(2023, LogLevel.Error, "The state file could not be written, trying again in {Rest}")]
    public static partial void WriteFailed(this ILogger logger, TimeSpan rest, Exception fault);
}
