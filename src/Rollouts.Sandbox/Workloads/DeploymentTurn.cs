using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Models;

namespace Rollouts.Sandbox.Workloads;

/// <summary>Brings the ReplicaSets and pods of one Deployment a step nearer to what it asks for.</summary>
internal sealed class DeploymentTurn(IKubernetes client, V1Deployment deployment, IReadOnlyList<V1ReplicaSet> allSets, IReadOnlyList<V1Pod> allPods)
{
    private const string HashLabel = "pod-template-hash";
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";

    private int Wanted => deployment.Spec.Replicas ?? 1;

    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        List<V1ReplicaSet> sets = [.. allSets.Where(s => IsOf(s, deployment.Uid()))];
        var current = await CurrentAsync(sets, cancellationToken);
        List<V1Pod> pods = [.. allPods.Where(p => sets.Append(current).Any(s => IsOf(p, s.Uid())))];
        List<V1Pod> ours = [.. pods.Where(p => IsOf(p, current.Uid()))];
        List<V1Pod> former = [.. pods.Except(ours)];
        var next = RollingUpdate.Next(Wanted, ours.Count, former.Count, former.Count(PodState.IsReady), pods.Count(PodState.IsReady));
        for (var made = 0; made < next.Create; made++)
            await CreatePodAsync(current, cancellationToken);
        var taken = former.OrderBy(PodState.IsReady).Take(next.RemoveFormer).Concat(ours.OrderBy(PodState.IsReady).Take(next.RemoveCurrent));
        foreach (var pod in taken)
            await client.CoreV1.DeleteNamespacedPodAsync(pod.Name(), pod.Namespace(), cancellationToken: cancellationToken);
        await ReportAsync(pods, ours, current, cancellationToken);
    }

    /// <summary>The ReplicaSet of the current template: an old one again, or a new one.</summary>
    private async Task<V1ReplicaSet> CurrentAsync(List<V1ReplicaSet> sets, CancellationToken cancellationToken)
    {
        var hash = Hash();
        var last = sets.Select(Revision).DefaultIfEmpty(0).Max();
        if (sets.Find(s => s.GetLabel(HashLabel) == hash) is not { } there)
            return await CreateSetAsync(hash, last + 1, cancellationToken);
        if (Revision(there) == last)
            return there;
        return await client.AppsV1.PatchNamespacedReplicaSetAsync(Annotated(last + 1), there.Name(), there.Namespace(), cancellationToken: cancellationToken);
    }

    private Task<V1ReplicaSet> CreateSetAsync(string hash, long revision, CancellationToken cancellationToken)
    {
        var template = KubernetesJson.Deserialize<V1PodTemplateSpec>(KubernetesJson.Serialize(deployment.Spec.Template));
        template.Metadata.Labels[HashLabel] = hash;
        return client.AppsV1.CreateNamespacedReplicaSetAsync(
            new()
            {
                Metadata = new()
                {
                    Name = $"{deployment.Name()}-{hash}",
                    Labels = template.Metadata.Labels,
                    Annotations = new Dictionary<string, string> { [RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture) },
                    OwnerReferences = [Owner("apps/v1", "Deployment", deployment.Metadata)],
                },
                Spec = new() { Selector = new() { MatchLabels = new Dictionary<string, string>(deployment.Spec.Selector.MatchLabels) { [HashLabel] = hash } }, Template = template },
            },
            deployment.Namespace(),
            cancellationToken: cancellationToken);
    }

    private Task CreatePodAsync(V1ReplicaSet set, CancellationToken cancellationToken) => client.CoreV1.CreateNamespacedPodAsync(
        new()
        {
            Metadata = new()
            {
                GenerateName = $"{set.Name()}-",
                Labels = set.Spec.Template.Metadata.Labels,
                Annotations = set.Spec.Template.Metadata.Annotations,
                OwnerReferences = [Owner("apps/v1", "ReplicaSet", set.Metadata)],
            },
            Spec = set.Spec.Template.Spec,
        },
        set.Namespace(),
        cancellationToken: cancellationToken);

    private async Task ReportAsync(List<V1Pod> pods, List<V1Pod> ours, V1ReplicaSet current, CancellationToken cancellationToken)
    {
        if (deployment.GetAnnotation(RevisionAnnotation) != current.GetAnnotation(RevisionAnnotation))
        {
            await client.AppsV1.PatchNamespacedDeploymentAsync(
                Annotated(Revision(current)), deployment.Name(), deployment.Namespace(), cancellationToken: cancellationToken);
            return;
        }

        int ready = pods.Count(PodState.IsReady);
        var was = deployment.Status ?? new();
        if ((was.ObservedGeneration, was.Replicas ?? 0, was.UpdatedReplicas ?? 0, was.ReadyReplicas ?? 0, was.AvailableReplicas ?? 0)
            == (deployment.Metadata.Generation, pods.Count, ours.Count, ready, ready))
            return;
        await client.AppsV1.PatchNamespacedDeploymentStatusAsync(
            new V1Patch(
                $$$"""
                {"status":{"observedGeneration":{{{deployment.Metadata.Generation}}},"replicas":{{{pods.Count}}},"updatedReplicas":{{{ours.Count}}},"readyReplicas":{{{ready}}},"availableReplicas":{{{ready}}},"unavailableReplicas":{{{Math.Max(0, Wanted - ready)}}}}}
                """,
                V1Patch.PatchType.MergePatch),
            deployment.Name(),
            deployment.Namespace(),
            cancellationToken: cancellationToken);
    }

    private string Hash() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(deployment.Spec.Template))))[..10];

    private static V1Patch Annotated(long revision) =>
        new($$$"""{"metadata":{"annotations":{"{{{RevisionAnnotation}}}":"{{{revision}}}"}} }""", V1Patch.PatchType.MergePatch);

    private static long Revision(V1ReplicaSet set) =>
        long.TryParse(set.GetAnnotation(RevisionAnnotation), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    private static bool IsOf(IKubernetesObject<V1ObjectMeta> one, string owner) => one.Metadata.OwnerReferences?.Any(o => o.Uid == owner) == true;

    private static V1OwnerReference Owner(string apiVersion, string kind, V1ObjectMeta of) =>
        new() { ApiVersion = apiVersion, Kind = kind, Name = of.Name, Uid = of.Uid, Controller = true };
}
