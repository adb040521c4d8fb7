using Rollouts.Analysis;
using Rollouts.Notifications;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Embedded;

/// <summary>What the engine performs effects through.</summary>
/// <param name="Router">Writes traffic splits.</param>
/// <param name="Workloads">Reads which versions stand behind the services.</param>
/// <param name="Metrics">Answers metric queries.</param>
/// <param name="Deployments">Runs a release's own workloads. Null (the default): releases with a pod template are refused.</param>
/// <param name="Notifier">Posts to channels, made once the state file is open, where its outbox stands. Default none: every post is refused.</param>
public sealed record EffectPorts(
    ITrafficRouter Router,
    IWorkloadReader Workloads,
    IMetricProvider Metrics,
    IWorkloadController? Deployments = null,
    Func<INotificationOutbox, INotifier>? Notifier = null)
{
    /// <summary>Answers metrics of web services. Null (the default): such metrics can't be measured.</summary>
    public IWebMetricProvider? Web { get; init; }

    /// <summary>Reads secrets that metrics need. Null (the default): metrics that need one can't be measured.</summary>
    public ISecretSource? Secrets { get; init; }
}
