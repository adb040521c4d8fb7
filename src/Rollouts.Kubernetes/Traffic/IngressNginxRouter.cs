using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Requests;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Traffic;

/// <summary>
/// Splits traffic by ingress-nginx' canary annotations: beside each stable ingress stands one canary ingress that carries weight, header route, owner
/// and revision, as Argo Rollouts builds it. It is created by the first claim and never deleted; at rest its weight is 0.
/// </summary>
/// <remarks>
/// Needs get on the stable ingresses and get, create and patch on the canary ingresses. Several stable ingresses are written all or none, except
/// when traffic is taken from the canary entirely: then every one that can be written is, since half of that is better than none.
/// </remarks>
public sealed class IngressNginxRouter : ITrafficRouter
{
    private readonly IngressObjects ingresses;
    private readonly ConditionalWriter<V1Ingress> writer;
    private readonly IngressNginxRouterOptions options;
    private readonly TimeProvider time;

    /// <param name="kubernetes">The cluster; not disposed here.</param>
    /// <param name="time">For time-outs and retries.</param>
    /// <param name="options">Null takes the defaults.</param>
    public IngressNginxRouter(IKubernetes kubernetes, TimeProvider time, IngressNginxRouterOptions? options = null)
    {
        this.options = options ?? new IngressNginxRouterOptions();
        this.time = time;
        ingresses = new IngressObjects(kubernetes, new KubernetesRequests(this.options.RequestTimeout, time));
        writer = new ConditionalWriter<V1Ingress>(ingresses, this.options.ConflictAttempts, this.options.Jitter, time);
    }

    /// <inheritdoc/>
    /// <remarks>Where several ingresses hold different splits, the one that gives the canary most is returned: the next write evens them out.</remarks>
    public async Task<TrafficSplit> ClaimAsync(TrafficTarget target, string owner, CancellationToken cancellationToken)
    {
        List<ObjectChange<V1Ingress>> changes = [];
        foreach (string stableName in StableIngresses(target))
        {
            V1Ingress stable = await ingresses.GetAsync(target.Namespace, stableName, cancellationToken).ConfigureAwait(false);
            V1Ingress built = CanaryIngress.Build(target, stable);
            changes.Add(new(target.Namespace, built.Metadata.Name, live => CanaryOwnership.Claim(live, built, target, owner)));
        }

        await AllOrNone(target).WriteAsync(changes, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<(string Name, TrafficSplit? Split)> found = await ReadAsync(target, cancellationToken).ConfigureAwait(false);
        return found
            .Select(f => f.Split ?? throw Gone(target, f.Name))
            .MaxBy(s => (s.CanaryWeight, s.HeaderRoutes.Count))!;
    }

    /// <inheritdoc/>
    public async Task<TrafficSplit> ApplyAsync(
        TrafficTarget target, TrafficSplit split, string owner, long revision, CancellationToken cancellationToken)
    {
        if (split.CanaryWeight < 0 || split.CanaryWeight > target.MaxWeight)
        {
            throw new PortException(FailureKind.Invalid, $"weight {split.CanaryWeight} of {target} is not between 0 and {target.MaxWeight}");
        }

        bool withdraws = split.Equals(TrafficSplit.None);
        List<ObjectChange<V1Ingress>> changes = [];
        foreach (string stableName in StableIngresses(target))
        {
            // Taking the traffic away must not fail for what became of the stable ingress.
            V1Ingress? built = withdraws
                ? null
                : CanaryIngress.Build(target, await ingresses.GetAsync(target.Namespace, stableName, cancellationToken).ConfigureAwait(false));
            string name = CanaryIngress.NameFor(target.RolloutName, stableName);
            changes.Add(new(target.Namespace, name, live => Apply(target, split, owner, revision, name, live, built)));
        }

        await (withdraws ? writer.WriteEachAsync(changes, cancellationToken) : AllOrNone(target).WriteAsync(changes, cancellationToken)).ConfigureAwait(false);
        IReadOnlyList<(string Name, TrafficSplit? Split)> found = await ReadAsync(target, cancellationToken).ConfigureAwait(false);
        List<TrafficSplit> splits = [.. found.Select(f => f.Split ?? (withdraws ? TrafficSplit.None : throw Gone(target, f.Name)))];
        if (splits.Distinct().Count() > 1)
        {
            throw new PortException(
                FailureKind.Transient,
                $"the canary ingresses of {target} hold different splits: {string.Join(", ", found.Select((f, i) => $"`{f.Name}` {splits[i]}"))}");
        }

        return splits[0];
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(TrafficTarget target, string owner, CancellationToken cancellationToken)
    {
        await writer.WriteEachAsync(
            StableIngresses(target).Select(stableName => new ObjectChange<V1Ingress>(
                target.Namespace,
                CanaryIngress.NameFor(target.RolloutName, stableName),
                live => live is null ? null : CanaryOwnership.Release(live, target, owner))),
            cancellationToken).ConfigureAwait(false);
    }

    private static V1Ingress? Apply(
        TrafficTarget target, TrafficSplit split, string owner, long revision, string name, V1Ingress? live, V1Ingress? built)
    {
        if (live is null)
        {
            // Without a canary ingress nothing reaches the canary, which is what a withdrawal wants. Anything else is refused: what was on record
            // about owner and revision went with the ingress.
            return split.Equals(TrafficSplit.None) ? null : throw Gone(target, name);
        }

        bool record = CanaryOwnership.RequireMayWrite(live, target, split, owner, revision);
        V1Ingress updated = CanaryIngress.Update(live, built, Routing(target), split);
        if (record)
        {
            updated.Metadata.Annotations[CanaryOwnership.RevisionAnnotation] = $"{revision}";
        }

        return updated;
    }

    private static NginxRouting Routing(TrafficTarget target) =>
        target.Nginx ?? throw new PortException(FailureKind.Invalid, $"{target} is not routed by ingress-nginx");

    /// <summary>In one order for everybody, so that of two claimants of the same ingresses one gets them all.</summary>
    private static List<string> StableIngresses(TrafficTarget target)
    {
        List<string> names = [.. Routing(target).StableIngresses.Distinct().Order(StringComparer.Ordinal)];
        if (names.Count == 0)
        {
            throw new PortException(FailureKind.Invalid, $"{target} names no stable ingress");
        }

        if (names.GroupBy(n => CanaryIngress.NameFor(target.RolloutName, n)).FirstOrDefault(g => g.Count() > 1) is { } same)
        {
            throw new PortException(
                FailureKind.Invalid, $"the stable ingresses {string.Join(" and ", same)} of {target} have the same canary ingress `{same.Key}`: shorten the rollout's name");
        }

        return names;
    }

    private async Task<IReadOnlyList<(string Name, TrafficSplit? Split)>> ReadAsync(TrafficTarget target, CancellationToken cancellationToken)
    {
        CanaryAnnotations annotations = new(Routing(target));
        List<(string, TrafficSplit?)> found = [];
        foreach (string stableName in StableIngresses(target))
        {
            string name = CanaryIngress.NameFor(target.RolloutName, stableName);
            V1Ingress? live = await ingresses.FindAsync(target.Namespace, name, cancellationToken).ConfigureAwait(false);
            found.Add((name, live is null ? null : annotations.Read(live.Metadata.Annotations)));
        }

        return found;
    }

    private AllOrNoneWriter AllOrNone(TrafficTarget target)
    {
        CanaryAnnotations annotations = new(Routing(target));
        return new AllOrNoneWriter(
            ingresses,
            writer,
            live => $"{annotations.Read(live.Metadata.Annotations)}, {(CanaryOwnership.OwnerOf(live) is { } owner ? $"owner {owner}" : "no owner")}",
            options,
            time);
    }

    private static PortException Gone(TrafficTarget target, string name) =>
        new(FailureKind.NotFound, $"canary ingress `{name}` not found in namespace {target.Namespace}: somebody deleted it, and with it the record of its owner");
}
