using Microsoft.Extensions.Logging;

namespace Rollouts.Http.Approvals;

/// <summary>Log messages of what chat sends: event ids 3100 to 3199. None has a link, a token or a body in it.</summary>
internal static partial class Log
{
    [LoggerMessage(3100, LogLevel.Warning, "A request that claims to come from {Service} does not, or is too old; it was refused")]
    public static partial void ForgedCallback(this ILogger logger, string service);

    [LoggerMessage(3101, LogLevel.Warning, "{Service}: {User} is not let in here")]
    public static partial void StrangerRefused(this ILogger logger, string service, string user);

    [LoggerMessage(3102, LogLevel.Warning, "What chat sent could not be seen through: {Reason}")]
    public static partial void CallbackFailed(this ILogger logger, string reason);

    [LoggerMessage(3103, LogLevel.Error, "What chat sent met a failure that nobody expected")]
    public static partial void CallbackBroke(this ILogger logger, Exception fault);
}
