namespace Rollouts.Kubernetes.Requests;

/// <summary>A change of one object, computed anew on whatever is read, so that it can be tried again after a conflict.</summary>
/// <param name="Namespace">Where.</param>
/// <param name="Name">Of the object that changes.</param>
/// <param name="Apply">
/// Takes the object as read (null when there is none) and answers with what it should be; null leaves a missing one missing. Refuses with a
/// <see cref="PortException"/>.
/// </param>
internal sealed record ObjectChange<T>(string Namespace, string Name, Func<T?, T?> Apply)
    where T : class;

/// <summary>A write that was done.</summary>
/// <param name="Change">What was wanted.</param>
/// <param name="Before">What was there; null when the object was created.</param>
/// <param name="After">What the cluster held then.</param>
internal sealed record ObjectWrite<T>(ObjectChange<T> Change, T? Before, T After)
    where T : class;
