using System.Text.Json.Nodes;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// One routing object of a target, and how its kind expresses a split. A target is a list of parts, of one router or of several; they are written all
/// or none, whatever their kinds.
/// </summary>
internal abstract class RoutingPart(TrafficTarget target, KubernetesResource resource, string name)
{
    public KubernetesResource Resource => resource;

    public string Namespace => target.Namespace;

    public string Name => name;

    /// <summary>The object, for instance <c>ingress `web` in namespace shop</c>.</summary>
    public string Subject => $"{resource.Kind} `{name}` in namespace {target.Namespace}";

    /// <summary>Whether header and mirror routes are put on this object.</summary>
    public virtual bool CarriesRoutes => true;

    protected TrafficTarget Target => target;

    /// <summary>Another object that the part is built from or has to be in order with; null when there is none.</summary>
    /// <exception cref="PortException">Kind NotFound or Invalid.</exception>
    public virtual Task<JsonObject?> ReadSourceAsync(RoutingObjects objects, CancellationToken cancellationToken) => Task.FromResult<JsonObject?>(null);

    /// <summary>The object at rest, where the router makes it; null where it is the user's own.</summary>
    /// <exception cref="PortException">Kind Invalid: it can't be built on the source.</exception>
    public virtual JsonObject? Build(JsonObject? source) => null;

    /// <summary>Whether a rollout of this name may write to the object.</summary>
    public virtual bool IsOurs(JsonObject live) => true;

    /// <exception cref="PortException">Kind Invalid: the object was made by somebody else, and nothing is ever written to it.</exception>
    public virtual void RequireOurs(JsonObject live)
    {
    }

    /// <exception cref="PortException">Kind Invalid: the object is not one that a split can be written to.</exception>
    public virtual void RequireSplittable(JsonObject live)
    {
    }

    /// <summary>The object with the split.</summary>
    /// <param name="live">As read; left as it is.</param>
    /// <param name="source">Of <see cref="ReadSourceAsync"/>; null when the object has to do by itself.</param>
    /// <param name="split">Who gets the canary.</param>
    /// <exception cref="PortException">Kind Invalid: it can't be expressed on what is there.</exception>
    public abstract JsonObject Write(JsonObject live, JsonObject? source, TrafficSplit split);

    /// <summary>
    /// The object with all traffic taken from the canary as far as that can be expressed on it, whatever somebody has made of it meanwhile; it depends on
    /// no other object and refuses nothing.
    /// </summary>
    public virtual JsonObject Withdraw(JsonObject live) => Write(live, null, TrafficSplit.None);

    /// <summary>Why the canary still gets traffic by a withdrawn object; null when it gets none by what the rollout writes.</summary>
    public virtual string? Remainder(JsonObject withdrawn) => null;

    /// <summary>The split that the object makes the data plane do.</summary>
    public abstract TrafficSplit Read(JsonObject live);

    /// <summary>Why the data plane has not taken the object as it is; null when it has, or does not say.</summary>
    /// <param name="live">As read.</param>
    /// <param name="withdrawn">Whether it only has to keep the canary's traffic away.</param>
    public virtual string? Pending(JsonObject live, bool withdrawn) => null;

    /// <summary>The object can't be what is asked of it.</summary>
    public PortException Invalid(string why) => new(FailureKind.Invalid, $"{Subject} {why}");

    public virtual PortException Gone() => new(FailureKind.NotFound, $"{resource.Kind} `{name}` not found in namespace {target.Namespace}");
}
