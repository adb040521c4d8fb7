using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>A change of the object of a part.</summary>
internal sealed record PartChange
{
    /// <param name="part">Whose object changes.</param>
    /// <param name="apply">See <see cref="ObjectChange{T}.Apply"/>.</param>
    public PartChange(RoutingPart part, Func<JsonObject?, JsonObject?> apply)
    {
        Part = part;
        Change = new ObjectChange<JsonObject>(part.Namespace, part.Name, apply);
    }

    public RoutingPart Part { get; }

    public ObjectChange<JsonObject> Change { get; }
}

/// <summary>A write that was done.</summary>
/// <param name="Part">Whose object was written.</param>
/// <param name="Before">What was there; null when the object was created.</param>
/// <param name="After">What the cluster held then.</param>
internal sealed record PartWrite(RoutingPart Part, JsonObject? Before, JsonObject After);
