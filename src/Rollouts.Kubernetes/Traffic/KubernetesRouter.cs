using System.Text.Json.Nodes;
using k8s;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// Splits traffic by the routing objects of a cluster: ingress-nginx, the Gateway API, Istio, Traefik, the AWS load balancer controller, or several of
/// them at once. Owner and revision stand on each object.
/// </summary>
/// <remarks>
/// The objects of a target are written all or none, in one order for everybody; when one can't be written, those before it are put back. Only when
/// traffic is taken from the canary entirely every one that can be written is, since half of that is better than none.
/// </remarks>
public sealed class KubernetesRouter : ITrafficRouter
{
    private readonly RoutingObjects objects;
    private readonly AcceptanceWait acceptance;
    private readonly KubernetesRouterOptions options;
    private readonly TimeProvider time;

    /// <param name="kubernetes">The cluster; not disposed here.</param>
    /// <param name="time">For time-outs, retries and leases.</param>
    /// <param name="options">Null takes the defaults.</param>
    public KubernetesRouter(IKubernetes kubernetes, TimeProvider time, KubernetesRouterOptions? options = null)
    {
        this.options = options ?? new KubernetesRouterOptions();
        this.time = time;
        objects = new RoutingObjects(kubernetes, this.options, time);
        acceptance = new AcceptanceWait(objects, this.options, time);
    }

    /// <inheritdoc/>
    /// <remarks>Where several objects hold different splits, the one that gives the canary most is returned: the next write evens them out.</remarks>
    public async Task<ClaimedTarget> ClaimAsync(TrafficTarget target, string owner, TimeSpan silence, CancellationToken cancellationToken)
    {
        IReadOnlyList<RoutingPart> parts = PartsOf(target);
        List<PartChange> changes = [];
        foreach (RoutingPart part in parts)
        {
            (JsonObject? built, PortException? broken) = await BuildAsync(part, cancellationToken).ConfigureAwait(false);
            changes.Add(new PartChange(part, live => broken is not null && (live is null || TargetOwnership.OwnerOf(live) is null)
                ? throw broken
                : TargetOwnership.Claim(part, live, built, owner, silence, time.GetUtcNow())));
        }

        await AllOrNone.WriteAsync(changes, cancellationToken).ConfigureAwait(false);
        FoundParts found = await ReadAsync(parts, cancellationToken).ConfigureAwait(false);
        return found.Missing is { } missing ? throw missing.Gone() : new ClaimedTarget(found.Greatest, found.TakenFrom);
    }

    /// <inheritdoc/>
    public async Task<TargetHolder?> FindHolderAsync(TrafficTarget target, CancellationToken cancellationToken) =>
        (await ReadAsync(PartsOf(target), cancellationToken).ConfigureAwait(false)).Holder;

    /// <inheritdoc/>
    public async Task<TrafficSplit> ApplyAsync(
        TrafficTarget target, TrafficSplit split, string owner, long revision, CancellationToken cancellationToken)
    {
        if (split.CanaryWeight < 0 || split.CanaryWeight > target.MaxWeight)
        {
            throw new PortException(FailureKind.Invalid, $"weight {split.CanaryWeight} of {target} is not between 0 and {target.MaxWeight}");
        }

        bool withdraws = split.Equals(TrafficSplit.None);
        IReadOnlyList<RoutingPart> parts = PartsOf(target);
        List<PartChange> changes = [];
        foreach (RoutingPart part in parts)
        {
            // Taking the traffic away must not fail for what became of another object.
            JsonObject? source = withdraws ? null : await part.ReadSourceAsync(objects, cancellationToken).ConfigureAwait(false);
            changes.Add(new PartChange(part, live => Apply(part, live, source, split, owner, revision)));
        }

        await (withdraws ? objects.WriteEachAsync(changes, cancellationToken) : AllOrNone.WriteAsync(changes, cancellationToken)).ConfigureAwait(false);
        FoundParts found = await ReadAsync(parts, cancellationToken).ConfigureAwait(false);
        if (found.Difference is { } difference)
        {
            throw new PortException(FailureKind.Transient, $"the routing objects of {target} hold different splits: {difference}");
        }

        if (!withdraws && found.Missing is { } missing)
        {
            throw missing.Gone();
        }

        if (withdraws && found.Remainder is { } remainder)
        {
            throw remainder;
        }

        await acceptance.WaitAsync(found, withdraws, cancellationToken).ConfigureAwait(false);
        return found.Greatest;
    }

    /// <inheritdoc/>
    public async Task<TrafficSplit> RenewAsync(TrafficTarget target, TrafficSplit written, string owner, CancellationToken cancellationToken)
    {
        IReadOnlyList<RoutingPart> parts = PartsOf(target);
        await objects.WriteEachAsync(
            parts.Select(part => new PartChange(part, live => live is null ? null : TargetOwnership.Renew(part, live, owner, time.GetUtcNow()))),
            cancellationToken).ConfigureAwait(false);
        FoundParts found = await ReadAsync(parts, cancellationToken).ConfigureAwait(false);
        return found.Missing is { } missing ? throw missing.Gone() : found.OtherThan(written) ?? written;
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(TrafficTarget target, string owner, CancellationToken cancellationToken) => objects.WriteEachAsync(
        PartsOf(target).Select(part => new PartChange(part, live => live is null ? null : TargetOwnership.Release(part, live, owner))), cancellationToken);

    private static JsonObject? Apply(RoutingPart part, JsonObject? live, JsonObject? source, TrafficSplit split, string owner, long revision)
    {
        if (live is null)
        {
            // Without the object nothing reaches the canary, which is what a withdrawal wants. Anything else is refused: what was on record
            // about owner and revision went with the object.
            return split.Equals(TrafficSplit.None) ? null : throw part.Gone();
        }

        bool record = TargetOwnership.RequireMayWrite(part, live, split, owner, revision);
        JsonObject updated = split.Equals(TrafficSplit.None)
            ? part.Withdraw(live)
            : part.Write(live, source, part.CarriesRoutes ? split : new TrafficSplit(split.CanaryWeight, []));
        if (record)
        {
            updated.Annotations()[TargetOwnership.RevisionAnnotation] = $"{revision}";
        }

        return updated;
    }

    /// <summary>What is in the way of a split does not keep anybody from taking over an abandoned object, so it is an answer here.</summary>
    private async Task<(JsonObject? Built, PortException? Broken)> BuildAsync(RoutingPart part, CancellationToken cancellationToken)
    {
        try
        {
            return (part.Build(await part.ReadSourceAsync(objects, cancellationToken).ConfigureAwait(false)), null);
        }
        catch (PortException failure) when (failure.Kind is FailureKind.NotFound or FailureKind.Invalid)
        {
            return (null, failure);
        }
    }

    private async Task<FoundParts> ReadAsync(IReadOnlyList<RoutingPart> parts, CancellationToken cancellationToken)
    {
        List<(RoutingPart, JsonObject?)> found = [];
        foreach (RoutingPart part in parts)
        {
            found.Add((part, await objects.FindAsync(part, cancellationToken).ConfigureAwait(false)));
        }

        return new FoundParts(found);
    }

    private IReadOnlyList<RoutingPart> PartsOf(TrafficTarget target) => target.Cluster is null || target.Cluster == options.Cluster
        ? RoutingParts.Of(target)
        : throw new PortException(FailureKind.Invalid, $"{target} is in the cluster {target.Cluster}; this is {options.Cluster ?? "one that has no name here"}");

    private AllOrNoneWriter AllOrNone => new(objects, options, time);
}
