using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Workloads;

/// <summary>
/// Digests of the ConfigMaps and Secrets that a pod template names (env, envFrom, volumes, projected volumes), so that a change of one is a new revision.
/// </summary>
/// <remarks>
/// A Secret's digest is keyed with the object's uid, which only those can read who may read the Secret, and goes no further than into a revision: ten hex
/// digits over everything. So nobody can try out guesses of a short secret on it. A Secret that is deleted and made again is a new revision.
/// </remarks>
internal sealed class ConfigContents(IKubernetes kubernetes, KubernetesRequests requests)
{
    private const string Disabled = "disabled";

    /// <summary>By names such as <c>ConfigMap/settings</c>; without those that opt out.</summary>
    /// <exception cref="PortException">Kind NotFound: a required one is not there.</exception>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(string @namespace, JsonObject template, CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> contents = new(StringComparer.Ordinal);
        if (JsonObjectFields.Text(template["metadata"]?["annotations"]?[WorkloadLabels.ConfigTracking]) == Disabled)
        {
            return contents;
        }

        foreach (IGrouping<(KubernetesResource Resource, string Name), ConfigReference> named in ConfigReference.In(template).GroupBy(r => (r.Resource, r.Name)))
        {
            string? digest = named.Key.Resource == KubernetesResource.Secret
                ? await SecretAsync(@namespace, named.Key.Name, cancellationToken).ConfigureAwait(false)
                : await ConfigMapAsync(@namespace, named.Key.Name, cancellationToken).ConfigureAwait(false);
            if (digest is null && !named.All(r => r.Optional))
            {
                throw new PortException(
                    FailureKind.NotFound, $"{named.Key.Resource.Kind} `{named.Key.Name}`, which the pod template names, not found in namespace {@namespace}");
            }

            if (digest != Disabled)
            {
                contents[$"{named.Key.Resource.Kind}/{named.Key.Name}"] = digest ?? "";
            }
        }

        return contents;
    }

    private async Task<string?> ConfigMapAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        V1ConfigMap? map = await requests.SendAsync(
            new("get", KubernetesResource.ConfigMap, @namespace, name),
            limit => kubernetes.CoreV1.ReadNamespacedConfigMapWithHttpMessagesAsync(name, @namespace, cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.NotFound).ConfigureAwait(false);
        return map is null ? null : IsOptedOut(map.Metadata) ? Disabled : Convert.ToHexStringLower(SHA256.HashData(
            [.. Text((map.Data ?? new Dictionary<string, string>()).Select(d => (d.Key, Encoding.UTF8.GetBytes(d.Value)))), .. Text(Binary(map.BinaryData))]));
    }

    private async Task<string?> SecretAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        V1Secret? secret = await requests.SendAsync(
            new("get", KubernetesResource.Secret, @namespace, name),
            limit => kubernetes.CoreV1.ReadNamespacedSecretWithHttpMessagesAsync(name, @namespace, cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.NotFound).ConfigureAwait(false);
        return secret is null ? null : IsOptedOut(secret.Metadata) ? Disabled : Convert.ToHexStringLower(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(secret.Metadata.Uid), Text(Binary(secret.Data))));
    }

    private static bool IsOptedOut(V1ObjectMeta metadata) =>
        metadata.Annotations is { } annotations && annotations.TryGetValue(WorkloadLabels.ConfigTracking, out string? value) && value == Disabled;

    private static IEnumerable<(string, byte[])> Binary(IDictionary<string, byte[]>? data) => (data ?? new Dictionary<string, byte[]>()).Select(d => (d.Key, d.Value));

    /// <summary>Every key with its content, each with its length before it, so that no two maps read the same.</summary>
    private static byte[] Text(IEnumerable<(string Key, byte[] Content)> data) =>
    [
        .. data.OrderBy(d => d.Key, StringComparer.Ordinal).SelectMany(d =>
            (byte[])[.. Encoding.UTF8.GetBytes($"{d.Key}\n{d.Content.Length}\n"), .. d.Content]),
        0,
    ];
}
