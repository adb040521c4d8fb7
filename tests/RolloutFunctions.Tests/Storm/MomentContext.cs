using Microsoft.DurableTask;

namespace RolloutFunctions.Tests.Storm;

/// <summary>Tells when an orchestration comes to its moments, the first time only and not when it is replayed.</summary>
internal sealed class MomentContext(TaskOrchestrationContext inner, Moments moments) : OuterContext(inner)
{
    public override void SetCustomStatus(object? customStatus)
    {
        base.SetCustomStatus(customStatus);
        Tell(Moment.BeforeTheWait);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        if (!IsReplaying)
        {
            TimeSpan rest = fireAt - TimeProvider.System.GetUtcNow().UtcDateTime;
            _ = Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, CancellationToken.None)
                .ContinueWith(_ => moments.Reached(InstanceId, Moment.AsATimerFires), TaskScheduler.Default);
        }

        return base.CreateTimer(fireAt, cancellationToken);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        Tell(Moment.DuringContinueAsNew);
        base.ContinueAsNew(newInput, preserveUnprocessedEvents);
    }

    private void Tell(Moment moment)
    {
        if (!IsReplaying)
        {
            _ = moments.Reached(InstanceId, moment);
        }
    }
}
