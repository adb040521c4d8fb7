using k8s.Models;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>A change of one ingress, computed anew on whatever is read, so that it can be tried again after a conflict.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Name">Of the ingress that changes.</param>
/// <param name="Apply">
/// Takes the ingress as read (null when there is none) and answers with what it should be; null leaves a missing one missing. Refuses with a
/// <see cref="PortException"/>.
/// </param>
internal sealed record IngressChange(string Namespace, string Name, Func<V1Ingress?, V1Ingress?> Apply);

/// <summary>A write that was done.</summary>
/// <param name="Change">What was wanted.</param>
/// <param name="Before">What was there; null when the ingress was created.</param>
/// <param name="After">What the cluster held then.</param>
internal sealed record IngressWrite(IngressChange Change, V1Ingress? Before, V1Ingress After);
