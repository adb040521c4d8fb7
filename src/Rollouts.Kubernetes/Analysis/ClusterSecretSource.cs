using System.Net;
using System.Text;
using k8s;
using k8s.Models;
using Rollouts.Analysis;
using Rollouts.Kubernetes.Requests;

namespace Rollouts.Kubernetes.Analysis;

/// <summary>Reads the secrets that templates name from the cluster. Needs get on them, which a role may give by name.</summary>
/// <param name="kubernetes">The cluster; not disposed here.</param>
/// <param name="time">For the time-out of requests.</param>
/// <param name="requestTimeout">How long one request may take. Null takes the default of 10 s.</param>
public sealed class ClusterSecretSource(IKubernetes kubernetes, TimeProvider time, TimeSpan? requestTimeout = null) : ISecretSource
{
    private readonly KubernetesRequests requests = new(requestTimeout ?? TimeSpan.FromSeconds(10), time);

    /// <inheritdoc/>
    public async Task<string> ReadAsync(ClusterNamespace ns, SecretReference secret, CancellationToken cancellationToken)
    {
        V1Secret? found = await requests.SendAsync(
            new("get", KubernetesResource.Secret, ns.Name, secret.Name),
            limit => kubernetes.CoreV1.ReadNamespacedSecretWithHttpMessagesAsync(secret.Name, ns.Name, cancellationToken: limit),
            cancellationToken,
            HttpStatusCode.NotFound).ConfigureAwait(false);
        return found is null
            ? throw new PortException(FailureKind.NotFound, $"secret `{secret.Name}` not found in namespace {ns.Name}")
            : found.Data is { } data && data.TryGetValue(secret.Key, out byte[]? value)
                ? Encoding.UTF8.GetString(value)
                : throw new PortException(FailureKind.NotFound, $"secret `{secret.Name}` in namespace {ns.Name} has no key `{secret.Key}`");
    }
}
