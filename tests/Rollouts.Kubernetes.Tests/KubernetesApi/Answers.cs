using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Reading what an API server refused.</summary>
internal static class Answers
{
    /// <summary>Runs a call that has to be refused and gives the <c>Status</c> of the refusal.</summary>
    public static async Task<V1Status> RefusedAsync(HttpStatusCode code, string? reason, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(call);
        Assert.Equal(code, refusal.Response.StatusCode);
        var status = KubernetesJson.Deserialize<V1Status>(refusal.Response.Content);
        Assert.Equal("Failure", status.Status);
        Assert.Equal((int)code, status.Code);
        Assert.Equal(reason, status.Reason);
        return status;
    }

    /// <summary>The fields that a 422 names, in the order given and each once.</summary>
    public static IReadOnlyList<string> Fields(this V1Status status) => [.. status.Details.Causes.Select(c => c.Field).Distinct()];
}
