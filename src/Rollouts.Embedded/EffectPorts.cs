using Rollouts.Analysis;
using Rollouts.Traffic;
using Rollouts.Workloads;

namespace Rollouts.Embedded;

/// <summary>What the engine performs effects through.</summary>
/// <param name="Router">Writes traffic splits.</param>
/// <param name="Workloads">Reads which versions stand behind the services.</param>
/// <param name="Metrics">Answers metric queries.</param>
/// <param name="Deployments">Runs a release's own workloads. Null (the default): releases with a pod template are refused.</param>
public sealed record EffectPorts(ITrafficRouter Router, IWorkloadReader Workloads, IMetricProvider Metrics, IWorkloadController? Deployments = null);
