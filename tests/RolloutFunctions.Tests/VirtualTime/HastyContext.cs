using Microsoft.DurableTask;

namespace RolloutFunctions.Tests.VirtualTime;

/// <summary>An orchestration's context whose clock and timers follow a <see cref="HastyTime"/>; the runtime beneath keeps the machine's time.</summary>
internal sealed class HastyContext(TaskOrchestrationContext inner, HastyTime time) : OuterContext(inner)
{
    public override DateTime CurrentUtcDateTime => time.Virtual(base.CurrentUtcDateTime).UtcDateTime;

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) =>
        base.CreateTimer(time.Real(fireAt).UtcDateTime, cancellationToken);
}
